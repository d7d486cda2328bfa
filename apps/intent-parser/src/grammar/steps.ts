import type { Relative } from './field-mentions.js';
import { nearClause } from './near.js';
import type { Term } from './terms.js';

const RAISES = new Set(['늘리다', '올리다', '높이다', '키우다', 'increase', 'raise', 'bump', 'add', 'extend']);
const LOWERS = new Set([
  '줄이다',
  '낮추다',
  '내리다',
  '깎다',
  'decrease',
  'reduce',
  'lower',
  'cut',
  'drop',
  'shrink',
  'fewer',
  'less',
]);
const MORE = new Set(['더', 'more', 'extra', 'additional', '추가']);
// Of these a person says how much more or less; "배치 8 더" would be strange.
const STEPPED = ['epochs', 'batchSize', 'learningRate', 'imageSize', 'weightDecay', 'dropout', 'earlyStoppingPatience'];

function settingNear(terms: Term[], at: number): { name: string; at: number } | undefined {
  for (const name of STEPPED) {
    const place = nearClause(terms, at, 3, `hp.${name}`);
    if (place !== undefined) return { name, at: place };
  }
  return undefined;
}

/** What a number does to the value before: multiply it, or add to it; undefined where it is a value of its own. */
function stepOf(terms: Term[], at: number): { factor?: number; offset?: number } | undefined {
  const value = terms[at]?.number?.value ?? 0;
  const next = terms[at + 1];
  if (value <= 0) return undefined;
  if (
    ['배', '배로', 'fold'].includes(next?.text ?? '') ||
    (next?.text === 'times' && ['the', 'as'].includes(terms[at + 2]?.text ?? ''))
  )
    return { factor: value };
  const behind = terms.slice(at + 1, at + 5).filter((term) => term.text !== '만');
  const around = [terms[at - 2], terms[at - 1], next, behind[1]];
  const to =
    ['로', '으로', 'to', 'at', '='].includes(next?.text ?? '') || ['to', '='].includes(terms[at - 1]?.text ?? '');
  // 십분의 일로 줄여, "cut it to a third"
  if (terms[at]?.number?.fraction && terms.slice(at + 1, at + 4).some((term) => LOWERS.has(term.text)))
    return { factor: value };
  if (to) return undefined;
  const by = terms[at - 1]?.text === 'by';
  if (
    around.some((term) => MORE.has(term?.text ?? '')) &&
    !around.some((term) => ['no', 'not', '이상'].includes(term?.text ?? ''))
  )
    return { offset: value };
  const verb = terms.slice(Math.max(0, at - 4), at + 4).find((term) => RAISES.has(term.text) || LOWERS.has(term.text));
  if (!verb || !(by || (/^[가-힣]/.test(verb.text) && verb === terms[at + 1]) || ['fewer', 'less'].includes(verb.text)))
    return undefined;
  return { offset: RAISES.has(verb.text) ? value : -value };
}

/** "에폭 다섯 배", "10 more epochs", "학습률 십분의 일로 줄여": changes to what was set before, with the terms they take. */
export function findSteps(terms: Term[], taken: ReadonlySet<number>): { relative: Relative[]; terms: number[] } {
  const relative: Relative[] = [];
  const used: number[] = [];
  terms.forEach((term, at) => {
    if (!term.number || taken.has(at)) return;
    const step = stepOf(terms, at);
    const setting = step && settingNear(terms, at);
    // "워밍업 2에폭 추가": the epochs are of what is added.
    if (!step || !setting || nearClause(terms, at, 2, 'hp.warmupEpochs') !== undefined) return;
    const [from, to] = [Math.min(at, setting.at), Math.max(at, setting.at) + 1];
    relative.push({ path: `hyperparameters.${setting.name}`, factor: 1, offset: 0, ...step, from, to });
    used.push(at, setting.at);
  });
  return { relative, terms: used };
}

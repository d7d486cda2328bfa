import type { Relative } from './field-mentions.js';
import { nearClause } from './near.js';
import { isRejected } from './negation.js';
import { has, type Term } from './terms.js';

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
const raises = (term: Term) => RAISES.has(term.text) || /^(늘려|올려|높여|키워)/.test(term.text);
const lowers = (term: Term) => LOWERS.has(term.text) || /^(줄여|낮춰|내려|깎아)/.test(term.text);
const MORE = new Set(['더', 'more', 'extra', 'additional', '추가']);
// Of these a person says how much more or less; "배치 8 더" would be strange.
const STEPPED = ['epochs', 'batchSize', 'learningRate', 'imageSize', 'weightDecay', 'dropout', 'earlyStoppingPatience'];

// A part of these is of what was set; a part of a dropout is a value of its own.
const PARTS = ['epochs', 'batchSize', 'learningRate', 'imageSize', 'weightDecay'];
const SMALLEST_PART = 0.1;

function settingNear(terms: Term[], at: number): { name: string; at: number } | undefined {
  for (const name of STEPPED) {
    const place = nearClause(terms, at, 3, `hp.${name}`);
    if (place !== undefined) return { name, at: place };
  }
  return undefined;
}

type Step = { factor?: number; offset?: number; otherwise?: number };

/** What a number does to the value before: multiply it, or add to it; undefined where it is a value of its own. */
function stepOf(terms: Term[], at: number): Step | undefined {
  const value = terms[at]?.number?.value ?? 0;
  const next = terms[at + 1];
  if (value <= 0) return undefined;
  if (
    ['배', '배로', 'fold'].includes(next?.text ?? '') ||
    (next?.text === 'times' && ['the', 'as'].includes(terms[at + 2]?.text ?? ''))
  )
    return { factor: terms.slice(at + 1, at + 5).some(lowers) ? 1 / value : value };
  const behind = terms.slice(at + 1, at + 5).filter((term) => term.text !== '만');
  const around = [terms[at - 2], terms[at - 1], next, behind[1]];
  const to =
    ['로', '으로', 'to', 'at', '='].includes(next?.text ?? '') || ['to', '='].includes(terms[at - 1]?.text ?? '');
  // 십분의 일로 줄여, "cut it to a third"
  if (terms[at]?.number?.fraction && terms.slice(Math.max(0, at - 4), at + 4).some(lowers)) return { factor: value };
  // "lr 십분의 일로": a part so large is of what was set; where nothing was, it is the value.
  if (terms[at]?.number?.fraction && value >= SMALLEST_PART) return { factor: value, otherwise: value };
  if (to) return undefined;
  const by = terms[at - 1]?.text === 'by';
  if (
    around.some((term) => MORE.has(term?.text ?? '')) &&
    !around.some((term) => ['no', 'not', '이상'].includes(term?.text ?? ''))
  )
    return { offset: value };
  const verb = terms.slice(Math.max(0, at - 4), at + 4).find((term) => raises(term) || lowers(term));
  if (!verb || !(by || (/^[가-힣]/.test(verb.text) && verb === terms[at + 1]) || ['fewer', 'less'].includes(verb.text)))
    return undefined;
  const sign = raises(verb) ? 1 : -1;
  return terms[at]?.number?.percent ? { factor: 1 + (sign * value) / 100 } : { offset: sign * value };
}

/** What a word such as half does where a verb says which way: "increase it by half", 열 배 줄여. */
export function directed(terms: Term[], at: number, factor: number): number {
  const before = terms.slice(Math.max(0, at - 6), at);
  if (terms[at - 1]?.text === 'by' && before.some(raises)) return factor < 1 ? 1 + factor : factor;
  return factor > 1 && terms.slice(at + 1, at + 3).some(lowers) ? 1 / factor : factor;
}

/** "double both epochs and batch size": the settings joined to the one at a place, with where they stand. */
export function joinedSettings(terms: Term[], at: number): { name: string; at: number }[] {
  const joins = (term: Term) => term.empty || has(term, 'and', 'of.these', 'all');
  return STEPPED.flatMap((name) => {
    const place = terms.findIndex((term, i) => i !== at && has(term, `hp.${name}`));
    const between = terms.slice(Math.min(at, place) + 1, Math.max(at, place));
    const and = between.some((term) => has(term, 'and') && term.text !== ',');
    return place >= 0 && and && between.every(joins) ? [{ name, at: place }] : [];
  });
}

/** "에폭 다섯 배", "10 more epochs", "학습률 십분의 일로 줄여": changes to what was set before, with the terms they take. */
export function findSteps(terms: Term[], taken: ReadonlySet<number>): { relative: Relative[]; terms: number[] } {
  const relative: Relative[] = [];
  const used: number[] = [];
  terms.forEach((term, at) => {
    // "두 배 말고 세 배로"
    if (!term.number || taken.has(at) || isRejected(terms, at)) return;
    const step = stepOf(terms, at);
    const setting = step && settingNear(terms, at);
    // "워밍업 2에폭 추가": the epochs are of what is added.
    if (step?.otherwise !== undefined && setting && !PARTS.includes(setting.name)) return;
    if (!step || !setting || nearClause(terms, at, 2, 'hp.warmupEpochs') !== undefined) return;
    const [from, to] = [Math.min(at, setting.at), Math.max(at, setting.at) + 1];
    // Ten percent more dropout is a tenth more of all, not of what it was.
    if (setting.name === 'dropout' && term.number.percent && step.factor !== undefined)
      Object.assign(step, { factor: 1, offset: step.factor - 1 });
    for (const one of [setting, ...joinedSettings(terms, setting.at)]) {
      relative.push({ path: `hyperparameters.${one.name}`, factor: 1, offset: 0, ...step, from, to });
      used.push(at, one.at);
    }
  });
  return { relative, terms: used };
}

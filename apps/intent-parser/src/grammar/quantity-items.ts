import { catalogue } from '@mallo/zoo';
import { has, saysIn, type Term } from './terms.js';

/** A number, or a word for what a number may be of, in the order of the message. `at` is the term's index. */
export type Item = { kind: 'number'; at: number } | { kind: 'quantity'; at: number; field: string };

const TRIED_TIMES = new Set(['번', '회', 'times', 'runs', 'tries', 'attempts', 'experiments', 'configurations']);

// In a list of key=value only.
const ABBREVIATIONS: Record<string, string> = {
  do: 'dropout',
  b: 'batchSize',
  e: 'epochs',
  wu: 'warmupEpochs',
  mom: 'momentum',
  size: 'imageSize',
  img: 'imageSize',
  res: 'imageSize',
  es: 'earlyStoppingPatience',
  사이즈: 'imageSize',
};
/** Sizes that models are made for, also odd ones: 299, 331, 380. */
const INPUT_SIZES = new Set(catalogue.map(({ inputSize }) => inputSize));
export const ASSIGNS = new Set(['=', ':']);

function fieldOf(
  term: Term,
  /** The terms beside it, and the next number within three. */
  around: { before?: Term; after?: Term; value?: Term['number'] },
  gpus: boolean,
  sweeps: boolean,
  counted: string | undefined,
): string | undefined {
  const { before, after, value } = around;
  // A lone m is a million only right behind a number: 10M.
  if (term.text === 'm' || term.text === 'weights') return before?.number ? 'maxParamsM' : undefined;
  // "bs32 e40"
  if (term.text === 'e' && after?.number?.digits) return 'epochs';
  // The b0 to b7 are networks.
  if (term.text === 'b' && after?.number?.digits && after.number.value > 7 && (before?.number?.value ?? 96) >= 96)
    return 'batchSize';
  if (after && ASSIGNS.has(after.text) && ABBREVIATIONS[term.text]) return ABBREVIATIONS[term.text];
  const pixels = (before?.number ?? value)?.value ?? 0;
  if (
    ['크기', '사이즈', 'size', 'sizes', 'crop', 'crops', '패치'].includes(term.text) &&
    pixels >= 96 &&
    pixels % 32 === 0
  )
    return 'imageSize';
  if (before?.number && term.text === '분') return 'maxMinutes';
  if (before?.number && term.text === 'h') return 'maxHours';
  if (before?.number && counted) return counted;
  const tried = sweeps ? TRIED_TIMES.has(term.text) : ['tries', 'attempts'].includes(term.text);
  if (before?.number && tried) return 'trials';
  if (gpus && before?.number && ['장', '대', '대로', 'card', 'cards'].includes(term.text)) return 'gpuCount';
  for (const concept of term.concepts) {
    if (concept.startsWith('hp.')) return concept.slice(3);
    if (concept === 'unit.pixel') return 'pixels';
    if (concept.startsWith('gpuType.')) return 'gpuType';
  }
  return undefined;
}

/** "40번 돌려줘", "열다섯 바퀴만 학습": how often the data is gone through, or what is waited for. "2번으로 돌려줘" chooses. */
function timesOf(terms: Term[], at: number): string | undefined {
  if (!['번', '회', '바퀴', 'times', 'rounds', 'evaluations'].includes(terms[at]?.text ?? '')) return undefined;
  if (terms.slice(at + 1, at + 5).some((term) => has(term, 'improvement'))) return 'earlyStoppingPatience';
  const next = terms
    .slice(at + 1, at + 4)
    .find((term) => !['만', '정도', '씩', '쯤', '을', '를', '더'].includes(term.text));
  return has(next, 'verb.train') && /^[가-힣]/.test(next?.text ?? '') ? 'epochs' : undefined;
}

/** "img: 128", "이미지 1280": a number of pixels right behind the picture, unless pictures are counted. */
function isImageSize(terms: Term[], at: number): boolean {
  if (
    !['이미지', 'image', 'images', 'img', 'imgs', '사진', '입력', 'input', 'inputs', '인풋'].includes(
      terms[at]?.text ?? '',
    )
  )
    return false;
  const number = [at + 1, at + 2, at + 3].find((i) => terms[i]?.number) ?? 0;
  const value = terms[number]?.number?.value ?? 0;
  const between = terms.slice(at + 1, number);
  if (!between.every((term) => term.empty || term.text === ',' || /^(size|level)\./.test(term.concepts[0] ?? '')))
    return false;
  return (
    value >= 32 &&
    value <= 2048 &&
    (value % 8 === 0 || INPUT_SIZES.has(value)) &&
    !has(terms[number + 1], 'unit.counter', 'noun.image', 'hp.numClasses', 'hp.epochs')
  );
}

/** "use two cards", "on 4 cards": what it is trained on; "52 cards" alone may be what is in the pictures. */
function isOfMachine(terms: Term[], at: number): boolean {
  const used = ['use', 'using', 'on', 'with'].includes(terms[at - 2]?.text ?? '');
  return used && ['card', 'cards'].includes(terms[at]?.text ?? '') && (terms[at - 1]?.number?.value ?? 99) <= 16;
}

/** The number that follows with nothing but particles between. */
function valueBehind(terms: Term[], at: number): Term['number'] {
  const next = terms.slice(at + 1, at + 4).find((term) => !term.empty);
  return next?.number;
}

/** The 2) of "1) digits 2) resnet50". */
function isListMark(terms: Term[], at: number): boolean {
  return terms[at + 1]?.text === ')' && !terms.slice(Math.max(0, at - 8), at).some((term) => term.text === '(');
}

/** The numbers of a message and the words for what they may be of. `taken` are terms that belong to something else. */
export function itemsOf(terms: Term[], taken: ReadonlySet<number>): Item[] {
  const items: Item[] = [];
  const memory = saysIn(terms, 'hp.memoryGb');
  const gpus = terms.some(
    (term, at) =>
      has(term, 'hp.gpuCount') ||
      (memory && ['카드', 'card', 'cards'].includes(term.text)) ||
      isOfMachine(terms, at) ||
      term.concepts.some((concept) => concept.startsWith('gpuType.')),
  );
  const sweeps = saysIn(terms, 'verb.sweep');
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at] as Term;
    if (taken.has(at)) continue;
    // The 0 of lr0=0.005 is of the name.
    const named = terms[at + 1]?.text === '=' && terms[at - 1]?.concepts.some((concept) => concept.startsWith('hp.'));
    if (term.number && !named && !isListMark(terms, at)) items.push({ kind: 'number', at });
    else if (term.number) continue;
    else {
      const field = isImageSize(terms, at)
        ? 'imageSize'
        : fieldOf(
            term,
            { before: terms[at - 1], after: terms[at + 1], value: valueBehind(terms, at) },
            gpus,
            sweeps,
            sweeps ? undefined : timesOf(terms, at),
          );
      if (field) items.push({ kind: 'quantity', at, field });
    }
  }
  return items;
}

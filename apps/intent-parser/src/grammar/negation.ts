import { has, type Term } from './terms.js';

const REACH = 4;
const FORBIDS = new Set(
  ['don t', 'dont', 'donot', 'never', 'not', 'mustn', 'shouldn', 'without', 'neither', 'nor', 'cannot', 'avoid'].map(
    (word) => word.replace(' ', ''),
  ),
);
const ANSWERS_NO = ['no', 'none', 'false', 'off', 'disabled', '없음', '안', '아니오', '아니요', '끔', '0'];
const ENDS_CLAUSE = new Set([',', '.', ';', '!', '?', '/']);
const JOINS = new Set(['랑', '이랑', '와', '과', '하고', '나', '이나', '도']);
const CARRIES = ['verb.change', 'pos.marker', 'noun.model', 'verb.make', 'verb.train', 'verb.stop'];

/** Whether what stands at a term is denied: "no …", "without …", "… 없이", "… 말고", "… 쓰지 마". */
export function isNegated(terms: Term[], at: number): boolean {
  return denialOf(terms, at) !== undefined;
}

const VERBS = /verb\.(stop|promote|rollback|resume|quantize|delete)|word\.back/;
const LONGEST_CLAUSE = 20;
const CLAUSE = new Set([',', ':', '-', '.', ';', '!', '?', 'but', 'then', 'instead', 'just', 'so', 'and', 'because']);

/**
 * Whether what a verb asks for is forbidden: denied, or behind a "don't" of the same clause, however far ("don't roll
 * anything back"), or Korean's "…면 안 돼".
 */
export function isForbidden(terms: Term[], at: number): boolean {
  const denial = denialOf(terms, at);
  // "꺼줘 더 안 봐도 되겠다": the 안 is of the next verb, that of "멈추면 안 돼" is not.
  const ofNext =
    denial !== undefined &&
    denial > at &&
    terms[denial]?.text === '안' &&
    !terms.slice(at + 1, denial).some((term) => /면$/.test(term.text));
  if (denial !== undefined && !ofNext) return true;
  for (let i = at - 1; i >= Math.max(0, at - LONGEST_CLAUSE); i -= 1) {
    const term = terms[i] as Term;
    // "do not stop, roll back or promote anything" forbids all three.
    const listed = [',', 'and', 'or'].includes(term.text) && VERBS.test(terms[i - 1]?.concepts.join(' ') ?? '');
    if (listed) continue;
    if (CLAUSE.has(term.text)) return false;
    if (FORBIDS.has(term.text)) return true;
  }
  return false;
}

/** Where the word stands that denies a term. */
export function denialOf(terms: Term[], at: number): number | undefined {
  // "pretrained: no", "증강 = 없음"
  if ([':', '='].includes(terms[at + 1]?.text ?? '') && ANSWERS_NO.includes(terms[at + 2]?.text ?? '')) return at + 2;
  let joined = false;
  for (let i = at + 1; i <= Math.min(terms.length - 1, at + REACH); i += 1) {
    const term = terms[i] as Term;
    if (has(term, 'neg.after') || leavesOut(terms, at, i)) return i;
    if (ENDS_CLAUSE.has(term.text)) break;
    // 안 쓰고: the denial stands before the verb but behind what it denies.
    if (term.text === '안' && !term.number) return i;
    // 증강이랑 라벨 스무딩 없이: what is joined to it is denied with it.
    if (JOINS.has(term.text)) joined = true;
    else if (!term.empty && !has(term, ...CARRIES) && !joined) break;
    else if (!term.empty) joined = false;
  }
  let alternative = false;
  for (let i = at - 1; i >= Math.max(0, at - REACH); i -= 1) {
    const term = terms[i] as Term;
    if (term.text === '안') break;
    // "mask rcnn? no: yolov8n"
    const answers = term.text === 'no' && [':', ',', '.', '!'].includes(terms[i + 1]?.text ?? '');
    if (has(term, 'neg.before') && !answers) return i;
    if (ENDS_CLAUSE.has(term.text)) break;
    if (['or', 'nor'].includes(term.text)) alternative = true;
    else if (!term.empty && !['any', 'to'].includes(term.text) && !has(term, ...CARRIES)) {
      // "no label smoothing or augmentation" denies both.
      if (!alternative) break;
      alternative = false;
    }
    // Korean denies behind, so a verb or particle of the clause before ends the search.
    if (/^[가-힣]/.test(term.text)) break;
  }
  return undefined;
}

/** "leave augmentation out", "cut dropout out". */
function leavesOut(terms: Term[], at: number, i: number): boolean {
  if (terms[i]?.text !== 'out') return false;
  return terms.slice(Math.max(0, at - 3), at).some((term) => ['leave', 'leaving', 'cut', 'take'].includes(term.text));
}

// What is rejected in favour of something else; "helmets without a strap" are still helmets.
const REJECTS = ['not', 'instead', 'insteadof', 'ratherthan', '말고', '아니라', '아닌', '아니고', '대신', '대신에'];

/** Whether a thing is named only to say that another is meant: "cats 말고 digits로". */
export function isRejected(terms: Term[], at: number): boolean {
  const denial = denialOf(terms, at);
  return denial !== undefined && REJECTS.includes(terms[denial]?.text ?? '');
}

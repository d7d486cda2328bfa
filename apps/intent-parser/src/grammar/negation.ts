import { has, type Term } from './terms.js';

const REACH = 4;
const ENDS_CLAUSE = new Set([',', '.', ';', '!', '?', '/']);
const JOINS = new Set(['랑', '이랑', '와', '과', '하고', '나', '이나', '도']);
const CARRIES = ['verb.change', 'pos.marker', 'noun.model', 'verb.make', 'verb.train', 'verb.stop'];

/** Whether what stands at a term is denied: "no …", "without …", "… 없이", "… 말고", "… 쓰지 마". */
export function isNegated(terms: Term[], at: number): boolean {
  let joined = false;
  for (let i = at + 1; i <= Math.min(terms.length - 1, at + REACH); i += 1) {
    const term = terms[i] as Term;
    if (has(term, 'neg.after')) return true;
    if (ENDS_CLAUSE.has(term.text)) break;
    // 안 쓰고: the denial stands before the verb but behind what it denies.
    if (term.text === '안' && !term.number) return true;
    // 증강이랑 라벨 스무딩 없이: what is joined to it is denied with it.
    if (JOINS.has(term.text)) joined = true;
    else if (!term.empty && !has(term, ...CARRIES) && !joined) break;
    else if (!term.empty) joined = false;
  }
  let alternative = false;
  for (let i = at - 1; i >= Math.max(0, at - REACH); i -= 1) {
    const term = terms[i] as Term;
    if (term.text === '안') break;
    if (has(term, 'neg.before')) return true;
    if (ENDS_CLAUSE.has(term.text)) break;
    if (['or', 'nor'].includes(term.text)) alternative = true;
    else if (!term.empty && !has(term, ...CARRIES)) {
      // "no label smoothing or augmentation" denies both.
      if (!alternative) break;
      alternative = false;
    }
    // Korean denies behind, so a verb or particle of the clause before ends the search.
    if (/^[가-힣]/.test(term.text)) break;
  }
  return false;
}

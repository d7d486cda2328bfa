import { conceptsByForm, words } from './lexicon.js';
import { handlesOf } from './names.js';
import { type Reading, termSpan, termsWithin } from './reading.js';
import { has, type Term, tellsApart } from './terms.js';

export type ClassList = {
  names: string[];
  /** What each name can be recognised by in a dataset's classes. */
  handles: string[][];
  /** Term indexes, [from, to). */
  from: number;
  to: number;
};

const SEPARATORS = ['and', 'vs'];
const LONGEST_CLASS_NAME = 3;
const LONGEST_RUN = 12;
const REACH = 6;

function isSeparator(term: Term | undefined): boolean {
  return has(term, ...SEPARATORS) || ['인지', '이냐', '냐'].includes(term?.text ?? '');
}

/** A word that can name a class: it shows something, or the grammar does not know it. */
function isName(term: Term | undefined, taken: boolean): boolean {
  if (!term || taken || term.number || !/^[\p{L}\p{N}]/u.test(term.text)) return false;
  if (has(term, 'unit.counter') && term.subjects.length === 0) return false;
  if (term.subjects.length > 0) return true;
  return !term.empty && term.concepts.length === 0;
}

/**
 * The classes a message lists: "apples, pears and quinces", "사과와 배를 구분", "cat vs dog classifier". A list counts only
 * beside a word that says what to do with it, so that other lists of words are not taken for classes.
 */
export function findClasses(reading: Reading): ClassList | undefined {
  const { terms } = reading;
  // Of "수하물 엑스레이 총이나 칼" the first two words are the name of the data.
  const data = reading.datasets.filter((hit) => hit.exact && hit.to - hit.from > 1);
  const ofData = termsWithin(terms, data);
  const taken = new Set([...termsWithin(terms, reading.models), ...ofData]);
  for (let at = 0; at < terms.length; at += 1) {
    if (!isName(terms[at], taken.has(at))) continue;
    const items: [number, number][] = [];
    let i = at;
    let versus = false;
    while (i < terms.length && isName(terms[i], taken.has(i))) {
      let end = i;
      while (end < terms.length && end - i < LONGEST_RUN && isName(terms[end], taken.has(end))) end += 1;
      // "cat dog hamster": each of several things of one kind is a class, "tomato leaf" is one.
      const apart = hasSiblings(terms, i, end);
      if (!apart) end = Math.min(end, i + LONGEST_CLASS_NAME);
      // Of "장미 튤립 해바라기 꽃" 꽃 is what they all are.
      if (apart) {
        const kind = siblingsIn(terms, i, end);
        for (let one = i; one < end; one += 1) {
          const { subjects = [] } = terms[one] ?? {};
          if (subjects.length === 0 || subjects.some((subject) => kind.has(subject))) items.push([one, one + 1]);
        }
      } else items.push([i, end]);
      let next = end;
      while (isSeparator(terms[next]) || (terms[next]?.text === 'from' && isTold(terms, at))) next += 1;
      if (next === end) break;
      versus ||= terms.slice(end, next).some((term) => has(term, 'vs') && term.text !== '대');
      i = next;
    }
    const last = items.at(-1);
    if (!last) continue;
    // "red and white blood cells", of the dataset blood-cells: what goes before its name describes them.
    if (ofData.has(last[1]) && !saysThings(terms, items)) {
      at = last[1] - 1;
      continue;
    }
    if (items.length >= 2 && (versus || areSiblings(terms, items) || besideTask(terms, at, last[1]))) {
      return {
        names: items.map(([from, to]) => reading.message.slice(...termSpan(reading, from, to))),
        handles: items.map(([from, to]) =>
          terms.slice(from, to).flatMap((term) => handlesOf(term.text, term.subjects)),
        ),
        from: at,
        to: last[1],
      };
    }
    at = last[1] - 1;
  }
  return undefined;
}

const saysThings = (terms: Term[], items: [number, number][]) =>
  items.some(([from, to]) => terms.slice(from, to).some((term) => term.subjects.length > 0));

/** Whether a list is of things of one kind, so that it needs no word of a task: "persian, siamese and bengal cats". */
function areSiblings(terms: Term[], items: [number, number][]): boolean {
  const subjects = items.map(([from, to]) => terms.slice(from, to).flatMap((term) => term.subjects));
  return words.siblings.some(
    (kind) => subjects.filter((own) => own.some((subject) => kind.includes(subject))).length > 1,
  );
}

/** Whether the words before say that what follows is told apart. */
function isTold(terms: Term[], at: number): boolean {
  return [at - 1, at - 2, at - 3].some((before) => tellsApart(terms, before));
}

/** The kinds of which several stand in a run of words. */
function siblingsIn(terms: Term[], from: number, to: number): Set<string> {
  const subjects = terms.slice(from, to).flatMap((term) => term.subjects);
  const kinds = words.siblings.filter((kind) => new Set(subjects.filter((subject) => kind.includes(subject))).size > 1);
  return new Set(kinds.flat());
}

/** Whether two things of one kind stand side by side without a word between them. */
function hasSiblings(terms: Term[], from: number, to: number): boolean {
  for (let at = from; at + 1 < to; at += 1) {
    const [first = [], second = []] = [terms[at]?.subjects, terms[at + 1]?.subjects];
    const isSibling = words.siblings.some(
      (kind) =>
        first.some((subject) => kind.includes(subject)) &&
        second.some((subject) => kind.includes(subject) && !first.includes(subject)),
    );
    if (isSibling) return true;
  }
  return false;
}

const TASKS = ['task.classification', 'task.detection', 'task.segmentation'];

function besideTask(terms: Term[], from: number, to: number): boolean {
  // "classify tails: korean air, asiana"
  if (terms[from - 1]?.text === ':' && terms.slice(Math.max(0, from - 5), from).some((term) => has(term, ...TASKS)))
    return true;
  const skips = (term: Term) =>
    term.empty ||
    term.number ||
    has(
      term,
      'noun.image',
      'noun.model',
      'hp.numClasses',
      'verb.make',
      'range.end',
      'all',
      'task.find',
      'verb.train',
      'mine',
      'verb.change',
      'noun.dataset',
    );
  for (let i = to; i < Math.min(terms.length, to + REACH); i += 1) {
    const term = terms[i] as Term;
    if (has(term, ...TASKS)) return true;
    if (!skips(term) || ['.', ';', '!'].includes(term.text)) break;
  }
  for (let i = from - 1; i >= Math.max(0, from - REACH); i -= 1) {
    const term = terms[i] as Term;
    // Korean puts the verb behind, so what stands before belongs to something else.
    if (tellsApart(terms, i) || term.text === 'into') return true;
    // "recognise signatures as genuine or forged"
    const named = term.text === 'as' && i === from - 1;
    if (named && terms.slice(Math.max(0, i - REACH), i).some((one) => has(one, 'task.classification'))) return true;
    if (has(term, ...TASKS, 'task.find')) return /^[a-z]/.test(term.text) && conceptsByForm.has(term.text);
    const opens = i + 1 === from || [':', '=', 'are', '은', '는'].includes(terms[i + 1]?.text ?? '');
    if (has(term, 'hp.numClasses') && opens && /^(class|label|categor|클래스|라벨|레이블)/.test(term.text)) return true;
    if (!skips(term) || ['.', ';', '!'].includes(term.text)) break;
  }
  return false;
}

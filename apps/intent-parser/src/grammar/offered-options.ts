import { type Project, type Reading, read } from './reading.js';

/** A value of the intent that an option stands for. */
export type Chosen = { path: string; value: unknown };

const MARK = /(?<=^|[\s(,])\(?(\d{1,2})(?:\)|\.(?=\s)|:(?=\s))|[①-⑨]/gu;
const CIRCLED = '①②③④⑤⑥⑦⑧⑨';
const CHOICE = /^(?:optimizer|scheduler|precision|bare)\./;

type Offer = { question: string; options: string[] };

/** "Which optimizer? 1) adam 2) adamw 3) sgd": what is asked, and what was numbered from one on. */
function numbered(content: string): Offer | undefined {
  const marks = [...content.matchAll(MARK)];
  const isInOrder = marks.every((mark, at) => (Number(mark[1]) || CIRCLED.indexOf(mark[0]) + 1) === at + 1);
  if (marks.length < 2 || !isInOrder) return undefined;
  const options = marks.map((mark, at) =>
    content
      .slice(mark.index + mark[0].length, marks[at + 1]?.index)
      .replace(/\n.*$/s, '')
      .replace(/[\s,;/(]+$/, '')
      .trim(),
  );
  const before = content.slice(0, marks[0]?.index).trim();
  const question = before.split(/(?<=[.!?])\s+|\n/).at(-1) ?? '';
  return { question, options };
}

/** "adam, adamw or sgd?": settings of one kind, in the order in which they are named. */
function named(content: string, project: Project): Offer | undefined {
  const { terms, tokens, text } = read(content, project);
  const choices = terms.filter((term) => term.concepts.some((concept) => CHOICE.test(concept)));
  const kinds = new Set(choices.flatMap((term) => term.concepts.filter((one) => CHOICE.test(one)).map(kindOf)));
  const options = choices.map((term) => text.chars.slice(tokens[term.from]?.from ?? 0, tokens[term.to - 1]?.to ?? 0));
  const [kind = ''] = kinds;
  return kinds.size === 1 && options.length > 1 ? { question: kind, options } : undefined;
}

// The step and linear of a list are schedules.
const kindOf = (concept: string) => (/^bare/.test(concept) ? 'scheduler' : (concept.split('.')[0] ?? ''));

/** What an option says, read together with the question, as if the person had said it. */
function saidBy({ fields, models, datasets, tasks }: Reading): Chosen[] {
  const exact = datasets.find((hit) => hit.exact)?.item;
  const model = models.find((mention) => !mention.familyOnly)?.name;
  const task = tasks.find((mention) => !mention.weak)?.task;
  if (fields.found.length > 0) return fields.found.map(({ path, value }) => ({ path, value }));
  if (exact) return [{ path: 'dataset', value: { id: exact.id, name: exact.name } }];
  if (model) return [{ path: 'modelName', value: model }];
  return task ? [{ path: 'taskType', value: task }] : [];
}

/**
 * The values of the option at a place (from 1; -1 is the last) of those that a turn of the assistant offers; undefined
 * where it offers none, or nothing that an intent holds.
 */
export function optionAt(content: string, place: number, project: Project): Chosen[] | undefined {
  const text = content.slice(0, 4000);
  const offer = numbered(text) ?? named(text, project);
  const option = offer?.options.at(place > 0 ? place - 1 : place);
  if (!offer || !option) return undefined;
  const chosen = saidBy(read(`${offer.question} ${option}`, project));
  return chosen.length > 0 ? chosen : undefined;
}

import type { ZooReading, ZooWish } from '@mallo/contracts';
import { means, Project, type Reading, read, termSpan } from './reading.js';
import { has } from './terms.js';

const NOTHING_KNOWN = new Project({});
/** The words for each wish; a size is meant as a limit of the model, as nothing else has one here. */
const WISHES: Record<ZooWish, string[]> = {
  light: ['want.light', 'size.tiny', 'size.nano', 'size.small'],
  fast: ['want.fast'],
  accurate: ['want.accurate'],
};

/** "over 80M": the grammar of a training knows an upper limit only. */
const AT_LEAST = {
  before: /(over|above|(more|larger|bigger) than|at least)\s*$/i,
  after: /^\s*(params?|parameters?|개)?\s*(이상|초과|넘)/i,
};

/** Much accuracy for little cost. */
const EFFICIENT = /효율|\befficient\b/i;

function paramsLimit(reading: Reading): Pick<ZooReading, 'minParamsM' | 'maxParamsM'> {
  const { maxParamsM: limit, quantities } = reading.fields;
  const quantity = quantities.find(({ field }) => field === 'maxParamsM');
  if (limit === undefined || !quantity) return {};
  const [from, to] = termSpan(reading, quantity.from, quantity.to);
  const { message } = reading;
  const least = AT_LEAST.before.test(message.slice(0, from)) || AT_LEAST.after.test(message.slice(to));
  return least ? { minParamsM: limit } : { maxParamsM: limit };
}

/** What a search of the catalogue in words is looking for. Pure, and nothing of it is a guess: what is absent was not said. */
export function readZooQuery(query: string): ZooReading {
  const reading = read(query, NOTHING_KNOWN);
  const model = reading.models[0];
  // "찾아줘" asks for the search itself, not for detection.
  const task = reading.tasks.find(
    (mention) => !reading.terms.some((term) => term.from === mention.from && has(term, 'verb.search')),
  );
  // A family's first form is what its members' names begin with; in the name of one model a size is no wish.
  const name = model?.familyOnly ? model.family?.forms[0] : model?.name;
  // "efficient net" is a family's name.
  const isEfficient = !model && EFFICIENT.test(query);
  const wishes = (Object.keys(WISHES) as ZooWish[]).filter(
    (wish) => means(reading, ...WISHES[wish]) || (isEfficient && wish !== 'fast'),
  );
  return {
    ...(name ? { name } : {}),
    ...(task ? { taskType: task.task } : {}),
    ...(reading.source ? { source: reading.source } : {}),
    ...paramsLimit(reading),
    wishes: model && !model.familyOnly ? [] : wishes,
  };
}

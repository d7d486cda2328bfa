import { type Clause, parseFilterUnquoted, parseOrder, pythonSet } from '@mallo/backend';
import { MlflowError } from '@mallo/contracts';
import type { Comparator, ListingCondition, ListingOrder } from '../../registry/listing.js';

/** What is searched; the two differ in what can be asked of them. */
type Of = 'model' | 'version';

const IS_PROMPT = 'mlflow.prompt.is_prompt';

const refused = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message);

const ATTRIBUTES: Record<Of, string[]> = {
  model: ['name'],
  version: ['name', 'version_number', 'run_id', 'source_path'],
};
const LISTS: Record<Of, string[]> = { model: ['name'], version: ['name', 'run_id'] };
const TEXT_COMPARATORS = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];
const TAG_COMPARATORS = ['=', '!=', 'LIKE', 'ILIKE'];
const NUMBER_COMPARATORS = ['=', '!=', '<', '<=', '>', '>='];

/**
 * The conditions of a filter in MLflow's language. Without a word of prompts these are left out, as MLflow does: it keeps
 * them as models.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function conditionsIn(filter: string, of: Of): ListingCondition[] {
  const conditions = parseFilterUnquoted(filter).map((clause) => conditionOf(clause, of));
  const isAboutPrompts = (one: ListingCondition) => one.of === 'tag' && one.key === IS_PROMPT;
  const wantsPrompts = conditions.some(
    (one) =>
      one.of === 'tag' &&
      one.key === IS_PROMPT &&
      ((one.comparator === '=' && one.value.toLowerCase() === 'true') ||
        (one.comparator === '!=' && one.value.toLowerCase() === 'false')),
  );
  if (wantsPrompts) return conditions;
  return [...conditions.filter((one) => !isAboutPrompts(one)), { of: 'untagged', key: IS_PROMPT, value: 'true' }];
}

function conditionOf({ field, comparator, value }: Clause, of: Of): ListingCondition {
  const { entity, key } = field;
  if (entity !== null && !['attribute', 'tag', 'tags'].includes(entity)) {
    throw refused(`Invalid entity type '${entity}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  }
  if (entity === 'tag' || entity === 'tags') {
    if (value.kind !== 'text') throw refused(wordProblem('tag', value));
    if (!TAG_COMPARATORS.includes(comparator)) throw refused(`Invalid comparator for tag: ${comparator}`);
    return { of: 'tag', key, comparator: comparator as Comparator, value: value.value };
  }
  if (!ATTRIBUTES[of].includes(key)) {
    throw refused(`Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(ATTRIBUTES[of])}'`);
  }
  if (key === 'version_number') return numberCondition(comparator, value);
  return textCondition(key as 'name' | 'run_id' | 'source_path', comparator, value, of);
}

function textCondition(key: 'name' | 'run_id' | 'source_path', comparator: string, value: Clause['value'], of: Of) {
  if (value.kind === 'list' && !LISTS[of].includes(key)) {
    const keys = `[${LISTS[of].map((one) => `'${one}'`).join(', ')}]`;
    throw refused(`Only ${keys} attributes support comparison with a list of quoted string values.`);
  }
  if (value.kind !== 'text' && value.kind !== 'list') throw refused(wordProblem('attributes', value, of));
  const isList = comparator === 'IN' || comparator === 'NOT IN';
  if (!TEXT_COMPARATORS.includes(comparator) || isList !== (value.kind === 'list')) {
    throw refused(`Invalid comparator for attribute: ${comparator}`);
  }
  const field = ({ name: 'name', run_id: 'run', source_path: 'source' } as const)[key];
  const wanted = value.kind === 'list' ? value.values : value.value;
  return { of: field, comparator: comparator as Comparator, value: wanted };
}

function numberCondition(comparator: string, value: Clause['value']): ListingCondition {
  if (!NUMBER_COMPARATORS.includes(comparator)) {
    throw refused(`Invalid comparator for attribute version_number: ${comparator}`);
  }
  const text = value.kind === 'number' ? value.text : value.kind === 'text' ? value.value : '';
  if (!/^[+-]?\d{1,9}$/.test(text)) throw refused(`Invalid value for numeric attribute 'version_number': ${text}`);
  return { of: 'number', comparator: comparator as Comparator, value: Number(text) };
}

function wordProblem(what: 'tag' | 'attributes', value: Clause['value'], of: Of = 'model'): string {
  if (value.kind === 'word' && !/^null$/i.test(value.text)) {
    return (
      'Parameter value is either not quoted or unidentified quote types used for string value ' +
      `${value.text}. Use either single or double quotes.`
    );
  }
  const { text } = value;
  if (what === 'tag') return `Expected a quoted string value for tag (e.g. 'my-value'). Got value ${text}`;
  if (of === 'version' && value.kind === 'number') {
    const keys = pythonSet(['version_number', 'creation_timestamp', 'last_updated_timestamp']);
    return `Only the '${keys}' attributes support comparison with numeric values.`;
  }
  return `Expected a quoted string value or a list of quoted string values for attributes. Got value ${text}`;
}

const ORDERS: Record<Of, Record<string, ListingOrder[number]['by']>> = {
  model: { name: 'name', timestamp: 'updated', last_updated_timestamp: 'updated' },
  version: {
    name: 'name',
    version_number: 'number',
    creation_timestamp: 'created',
    last_updated_timestamp: 'updated',
  },
};

/** What a list is in order of, where that is all the same. */
const LAST: Record<Of, ListingOrder> = {
  model: [{ by: 'name', isAscending: true }],
  version: [
    { by: 'name', isAscending: true },
    { by: 'number', isAscending: false },
  ],
};

/** The order that items of `order_by` ask for. @throws MlflowError INVALID_PARAMETER_VALUE */
export function orderIn(items: string[], of: Of): ListingOrder {
  const asked: ListingOrder = items.map((item) => {
    const { field, ascending } = parseOrder(item);
    const by =
      field.entity === null || (of === 'version' && field.entity === 'attribute') ? ORDERS[of][field.key] : null;
    if (!by) throw refused(orderProblem(field.key, of));
    return { by, isAscending: ascending };
  });
  if (new Set(asked.map(({ by }) => by)).size < asked.length) {
    throw new MlflowError('INTERNAL_ERROR', `\`order_by\` contains duplicate fields: ${JSON.stringify(items)}`);
  }
  if (of === 'version' && items.length === 0) asked.push({ by: 'updated', isAscending: false });
  return [...asked, ...LAST[of].filter(({ by }) => !asked.some((one) => one.by === by))];
}

function orderProblem(key: string, of: Of): string {
  if (of === 'model')
    return `Invalid order by key '${key}' specified. Valid keys are '${pythonSet(['name', 'timestamp'])}'`;
  return `Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(Object.keys(ORDERS.version))}'`;
}

import { type Clause, parseFilter, SearchSyntaxError } from '@mallo/backend';
import { allow } from './comparators.js';
import { attributeOf, type RunField, runFieldOf } from './run-fields.js';
import { type SqlValues, storableText } from './sql.js';

const NUMBER_COMPARATORS = ['>', '>=', '!=', '=', '<', '<='];
const KEYED_COMPARATORS = ['!=', '=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];
const TEXT_COMPARATORS = ['!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];

/**
 * A filter as conditions on `runs` joined with `experiments`, with MLflow's meaning: a run that has no such metric,
 * param or tag matches nothing, not even `!=`.
 * @throws SearchSyntaxError
 */
export function runConditions(filter: string, values: SqlValues): string[] {
  return parseFilter(filter).map((clause) => conditionOf(clause, runFieldOf(clause.field), values));
}

function conditionOf(clause: Clause, field: RunField, values: SqlValues): string {
  if (clause.comparator.startsWith('IS ')) return presenceOf(clause, field, values);
  switch (field.kind) {
    case 'metric':
      return metricCondition(clause, field.key, values);
    case 'parameter':
    case 'tag':
      return keyedCondition(clause, field, values);
    case 'attribute':
      return attributeCondition(clause, field.key, values);
    case 'dataset':
      return datasetCondition(clause, field.key, values);
  }
}

function presenceOf({ comparator }: Clause, field: RunField, values: SqlValues): string {
  if (field.kind !== 'tag' && field.kind !== 'parameter') {
    throw new SearchSyntaxError(
      `IS NULL / IS NOT NULL is only supported for tags and params, not for '${field.kind}' '${field.key}'`,
    );
  }
  const there = `exists (select 1 from telemetry.${tableOf(field.kind)} logged
    where logged.run_id = runs.run_id and logged.key = ${values.add(storableText(field.key))})`;
  return comparator === 'IS NULL' ? `not ${there}` : there;
}

function metricCondition({ comparator, value }: Clause, key: string, values: SqlValues): string {
  if (value.kind !== 'number') {
    throw new SearchSyntaxError(`Expected numeric value type for metric. Found ${value.text}`);
  }
  allow(comparator, NUMBER_COMPARATORS);
  // For PostgreSQL NaN is more than any number and equals itself; here, as in IEEE 754, it only differs.
  const number = comparator === '!=' ? '' : `and logged.value <> 'NaN'`;
  return `exists (select 1 from telemetry.latest_points logged where logged.run_id = runs.run_id
    and logged.key = ${values.add(storableText(key))}
    and logged.value ${comparator} ${values.add(value.value)}::float8 ${number})`;
}

function keyedCondition({ comparator, value }: Clause, { kind, key }: RunField, values: SqlValues): string {
  const text = quotedText(value, kind);
  allow(comparator, KEYED_COMPARATORS, kind === 'parameter' ? "'" : '');
  return `exists (select 1 from telemetry.${tableOf(kind)} logged where logged.run_id = runs.run_id
    and logged.key = ${values.add(storableText(key))}
    and logged.value ${comparator} ${values.add(storableText(text))})`;
}

function attributeCondition({ comparator, value }: Clause, key: string, values: SqlValues): string {
  const { sql, isNumber } = attributeOf(key);
  if (isNumber) {
    if (value.kind !== 'number') {
      throw new SearchSyntaxError(`Expected numeric value type for numeric attribute: ${key}. Found ${value.text}`);
    }
    allow(comparator, NUMBER_COMPARATORS);
    return `${sql} ${comparator} ${values.add(value.value)}::float8`;
  }
  if (value.kind === 'list' && key !== 'run_id') {
    throw new SearchSyntaxError("Only ['run_id'] attributes support comparison with a list of quoted string values.");
  }
  return textCondition(sql, comparator, value, 'attributes', values, "'");
}

function datasetCondition({ comparator, value }: Clause, key: string, values: SqlValues): string {
  const column = key === 'context' ? 'context.value' : key === 'name' ? 'datasets.name' : 'datasets.digest';
  const condition = textCondition(column, comparator, value, 'dataset attributes', values);
  return `exists (select 1 from telemetry.run_datasets used join telemetry.datasets using (dataset_id)
    left join lateral jsonb_to_recordset(used.tags) as context (key text, value text)
      on context.key = 'mlflow.data.context'
    where used.run_id = runs.run_id and ${condition})`;
}

function textCondition(
  column: string,
  comparator: string,
  value: Clause['value'],
  what: string,
  values: SqlValues,
  end = '',
): string {
  if (value.kind === 'word') throw notQuoted(value.text);
  if (value.kind === 'number' || value.kind === 'none') {
    throw new SearchSyntaxError(`Expected a quoted string value for ${what}. Got value ${value.text}`);
  }
  allow(comparator, TEXT_COMPARATORS, end);
  if (comparator.endsWith('IN') !== (value.kind === 'list')) {
    throw new SearchSyntaxError(`Invalid comparator '${comparator}' for the value ${value.text}`);
  }
  if (value.kind === 'list') {
    const list = `${column} = any(${values.add(value.values.map(storableText))}::text[])`;
    return comparator === 'IN' ? list : `not ${list}`;
  }
  return `${column} ${comparator} ${values.add(storableText(value.value))}`;
}

function tableOf(kind: RunField['kind']): 'run_params' | 'run_tags' {
  return kind === 'tag' ? 'run_tags' : 'run_params';
}

/** The text of a value of something with a key. @throws SearchSyntaxError when it is none */
export function quotedText(value: Clause['value'], kind: string): string {
  if (value.kind === 'text') return value.value;
  if (value.kind === 'word' && !/^null$/i.test(value.text)) throw notQuoted(value.text);
  throw new SearchSyntaxError(`Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${value.text}`);
}

function notQuoted(word: string): SearchSyntaxError {
  return new SearchSyntaxError(
    'Parameter value is either not quoted or unidentified quote types used for string value ' +
      `${word}. Use either single or double quotes.`,
  );
}

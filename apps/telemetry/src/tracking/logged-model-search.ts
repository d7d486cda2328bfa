import { type Clause, parseFilter, pythonRepr, SearchSyntaxError } from '@mallo/backend';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { type LoggedModelRow, MODEL_COLUMNS_SQL, MODEL_LOCATION_SQL, MODELS_SQL } from './logged-models.repository.js';
import { EXPERIMENT_ID_SQL } from './run-fields.js';
import { SqlValues, storableText } from './sql.js';

type ModelDataset = { name: string; digest: string };
type ModelOrder = { field: string; ascending: boolean; dataset: ModelDataset };
export type ModelQuery = {
  projectId: string;
  experimentIds: string[];
  filter: string;
  datasets: ModelDataset[];
  orderBy: ModelOrder[];
  limit: number;
  offset: number;
};

const ATTRIBUTES = new Map([
  ['model_id', { sql: 'models.model_id', isNumber: false }],
  ['name', { sql: 'models.name', isNumber: false }],
  ['model_name', { sql: 'models.name', isNumber: false }],
  // MLflow keeps the number of a status, and reads it as a text: 'READY' is none of them.
  [
    'status',
    { sql: "array_position(array['PENDING', 'READY', 'UPLOAD_FAILED'], models.status)::text", isNumber: false },
  ],
  ['status_message', { sql: 'null::text', isNumber: false }],
  ['lifecycle_stage', { sql: 'models.lifecycle_stage', isNumber: false }],
  ['artifact_location', { sql: MODEL_LOCATION_SQL, isNumber: false }],
  ['model_type', { sql: 'models.model_type', isNumber: false }],
  ['source_run_id', { sql: 'models.source_run_id', isNumber: false }],
  ['experiment_id', { sql: EXPERIMENT_ID_SQL, isNumber: false }],
  ['creation_timestamp_ms', { sql: 'models.created_ms', isNumber: true }],
  ['last_updated_timestamp_ms', { sql: 'models.updated_ms', isNumber: true }],
]);
const ALIASES = new Map([
  ['creation_time', 'creation_timestamp_ms'],
  ['creation_timestamp', 'creation_timestamp_ms'],
  ['last_updated_timestamp', 'last_updated_timestamp_ms'],
]);
const NUMBERS = ['<', '<=', '>', '>=', '=', '!='];
const TEXTS = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];

/** Finds logged models by MLflow's language. */
@Injectable()
export class LoggedModelSearch {
  constructor(private readonly database: Database) {}

  /** @throws SearchSyntaxError */
  find(query: ModelQuery): Promise<LoggedModelRow[]> {
    const values = new SqlValues();
    const onDatasets = datasetsCondition(query.datasets, values);
    const clauses = clausesIn(query.filter);
    const conditions = [
      `models.project_id = ${values.add(query.projectId)}`,
      `models.lifecycle_stage = 'active'`,
      `${EXPERIMENT_ID_SQL} = any(${values.add(query.experimentIds)}::text[])`,
      ...clauses.map((clause) => conditionOf(clause, onDatasets, values)),
    ];
    const asksMetric = clauses.some(({ field }) => field.entity === 'metrics');
    if (query.datasets.length > 0 && !asksMetric) {
      conditions.push(`exists (select 1 from telemetry.logged_model_metrics logged
        where logged.model_id = models.model_id ${onDatasets})`);
    }
    const order = query.orderBy.map((one) => orderOf(one, values));
    return this.database.query<LoggedModelRow>(
      `select ${MODEL_COLUMNS_SQL} from ${MODELS_SQL} where ${conditions.join(' and ')}
        order by ${[...order, 'models.created_ms desc', 'models.model_id'].join(', ')}
        limit ${values.add(query.limit)} offset ${values.add(query.offset)}`,
      values.all,
    );
  }
}

/** @throws SearchSyntaxError in the words that MLflow has for this search alone */
function clausesIn(filter: string): Clause[] {
  const invalid = (problem: string) => `Invalid filter string: ${pythonRepr(filter)}. ${problem}`;
  if (filter !== '' && filter.trim() === '') throw new SearchSyntaxError(invalid('Expected a single SQL expression.'));
  return parseFilter(filter, (strays) =>
    strays.includes(';') && /;\s*[^\s;]/.test(filter)
      ? invalid('Expected a single SQL expression.')
      : invalid("Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."),
  );
}

function datasetsCondition(datasets: ModelDataset[], values: SqlValues): string {
  if (datasets.length === 0) return '';
  const ways = datasets.map((dataset) => ofDataset(dataset, values));
  return `and (${ways.join(' or ')})`;
}

/** What is not said of a dataset may be anything. */
function ofDataset({ name, digest }: ModelDataset, values: SqlValues): string {
  const named = name ? `logged.dataset_name = ${values.add(storableText(name))}` : 'true';
  return digest ? `(${named} and logged.dataset_digest = ${values.add(storableText(digest))})` : named;
}

function conditionOf({ field, comparator, value }: Clause, onDatasets: string, values: SqlValues): string {
  const kind = field.entity ?? 'attributes';
  const key = kind === 'attributes' ? (ALIASES.get(field.key) ?? field.key) : field.key;
  if (comparator.startsWith('IS ')) {
    const name = field.entity === null ? field.key : `${field.entity}.${field.key}`;
    throw new SearchSyntaxError(`Invalid comparison: ${name}${comparator}. Expected a comparison with 3 tokens.`);
  }
  if (kind === 'metrics') {
    return `exists (select 1 from telemetry.logged_model_metrics logged where logged.model_id = models.model_id
      and logged.key = ${values.add(storableText(key))}
      and ${compared('logged.value', true, `metrics.${key}`, comparator, value, values)} ${onDatasets})`;
  }
  if (kind === 'params' || kind === 'tags') {
    const table = kind === 'params' ? 'logged_model_params' : 'logged_model_tags';
    return `exists (select 1 from telemetry.${table} logged where logged.model_id = models.model_id
      and logged.key = ${values.add(storableText(key))}
      and ${compared('logged.value', false, `${kind}.${key}`, comparator, value, values)})`;
  }
  if (kind !== 'attributes') {
    throw new SearchSyntaxError(
      `Invalid entity type: '${kind}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].`,
    );
  }
  const attribute = ATTRIBUTES.get(key);
  if (!attribute) throw new SearchSyntaxError(`Invalid attribute key '${key}' specified.`);
  return compared(attribute.sql, attribute.isNumber, `attributes.${key}`, comparator, value, values);
}

function compared(
  sql: string,
  isNumber: boolean,
  name: string,
  comparator: string,
  value: Clause['value'],
  values: SqlValues,
): string {
  const allowed = isNumber ? NUMBERS : TEXTS;
  const isList = comparator.endsWith('IN');
  if (!allowed.includes(comparator) || isList !== (value.kind === 'list')) {
    const expected = allowed.map((one) => `'${one}'`).join(', ');
    throw new SearchSyntaxError(
      `Invalid comparison operator for ${name}: '${comparator}'. Expected one of (${expected}).`,
    );
  }
  if (value.kind === 'list') {
    const isIn = `${sql} = any(${values.add(value.values.map(storableText))}::text[])`;
    return comparator === 'IN' ? isIn : `not ${isIn}`;
  }
  if (isNumber) {
    if (value.kind !== 'number') throw new SearchSyntaxError(`Expected a number for ${name}.`);
    return `${sql} ${comparator} ${values.add(value.value)}::float8`;
  }
  // MLflow's own reading lets a text stand without quotes, takes double ones for a part of it, and reads none twice.
  const text = value.text.replace(/^'+|'+$/g, '');
  return `${sql} ${comparator} ${values.add(storableText(text))}`;
}

function orderOf({ field, ascending, dataset }: ModelOrder, values: SqlValues): string {
  const direction = ascending ? 'asc' : 'desc';
  const dot = field.indexOf('.');
  if (dot < 0) {
    const attribute = ATTRIBUTES.get(ALIASES.get(field) ?? field);
    if (!attribute) throw new SearchSyntaxError(`Invalid order by field name: ${field}`);
    return `${attribute.sql} ${direction} nulls last`;
  }
  if (field.slice(0, dot) !== 'metrics') {
    throw new SearchSyntaxError(`Invalid order by field name: ${field}. Only metrics are supported.`);
  }
  const on = `and ${ofDataset(dataset, values)}`;
  return `(select logged.value from telemetry.logged_model_metrics logged where logged.model_id = models.model_id
    and logged.key = ${values.add(storableText(field.slice(dot + 1)))} ${on}
    order by logged.time_ms desc, logged.step desc, logged.run_id limit 1) ${direction} nulls last`;
}

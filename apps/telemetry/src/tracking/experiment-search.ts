import { type Clause, parseFilterUnquoted, parseOrder, pythonSet, SearchSyntaxError } from '@mallo/backend';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { allow } from './comparators.js';
import { EXPERIMENT_COLUMNS_SQL, type ExperimentRow, type LifecycleStage } from './experiments.repository.js';
import { quotedText } from './run-conditions.js';
import { EXPERIMENT_ID_SQL } from './run-fields.js';
import { SqlValues, storableText } from './sql.js';

export type ExperimentQuery = {
  projectId: string;
  filter: string;
  orderBy: string[];
  lifecycleStages: LifecycleStage[];
  limit: number;
  offset: number;
};

const ATTRIBUTES = new Map([
  ['name', { sql: 'experiments.name collate "C"', isNumber: false }],
  ['experiment_id', { sql: EXPERIMENT_ID_SQL, isNumber: false }],
  ['creation_time', { sql: 'experiments.created_ms', isNumber: true }],
  ['last_update_time', { sql: 'experiments.updated_ms', isNumber: true }],
]);

/** Finds experiments by MLflow's language; they are few, so pages count from the start. */
@Injectable()
export class ExperimentSearch {
  constructor(private readonly database: Database) {}

  /** @throws SearchSyntaxError */
  async find(query: ExperimentQuery): Promise<ExperimentRow[]> {
    const values = new SqlValues();
    const conditions = [
      `experiments.project_id = ${values.add(query.projectId)}`,
      `experiments.lifecycle_stage = any(${values.add(query.lifecycleStages)}::text[])`,
      ...parseFilterUnquoted(query.filter).map((clause) => conditionOf(clause, values)),
    ];
    const order = query.orderBy.length > 0 ? query.orderBy : ['creation_time DESC', 'experiment_id ASC'];
    return this.database.query<ExperimentRow>(
      `select ${EXPERIMENT_COLUMNS_SQL} from telemetry.experiments where ${conditions.join(' and ')}
        order by ${[...order.map(orderOf), 'experiments.experiment_id desc'].join(', ')}
        limit ${values.add(query.limit)} offset ${values.add(query.offset)}`,
      values.all,
    );
  }
}

function orderOf(text: string): string {
  const { field, ascending } = parseOrder(text);
  if (field.entity !== null && field.entity !== 'attribute') {
    const entity = field.entity === 'tags' ? 'tag' : field.entity;
    throw new SearchSyntaxError(`Invalid order_by entity: ${entity}`);
  }
  // Ids are sorted as the numbers they are.
  const sql = field.key === 'experiment_id' ? 'experiments.experiment_id' : attributeOf(field.key).sql;
  return `${sql} ${ascending ? 'asc' : 'desc'}`;
}

function attributeOf(key: string) {
  const attribute = ATTRIBUTES.get(key);
  if (attribute) return attribute;
  const valid = pythonSet([...ATTRIBUTES.keys()]);
  throw new SearchSyntaxError(`Invalid attribute key '${key}' specified. Valid keys are '${valid}'`);
}

function conditionOf({ field, comparator, value }: Clause, values: SqlValues): string {
  if (field.entity === 'tag' || field.entity === 'tags') return tagCondition(field.key, comparator, value, values);
  if (field.entity !== null && field.entity !== 'attribute') {
    throw new SearchSyntaxError(
      `Invalid entity type '${field.entity}'. Valid entity types are ('attribute', 'tag', 'tags')`,
    );
  }
  const { sql, isNumber } = attributeOf(field.key);
  if (comparator.startsWith('IS ')) {
    throw new SearchSyntaxError(`IS NULL / IS NOT NULL is only supported for tags, not for attribute '${field.key}'`);
  }
  if (isNumber) {
    if (value.kind !== 'number') {
      throw new SearchSyntaxError(
        `Expected numeric value type for numeric attribute: ${field.key}. Found ${'text' in value ? value.text : ''}`,
      );
    }
    allow(comparator, ['>', '>=', '!=', '=', '<', '<=']);
    return `${sql} ${comparator} ${values.add(value.value)}::float8`;
  }
  if (field.key === 'experiment_id') return idCondition(comparator, value, values);
  allow(comparator, ['!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'], "'");
  if (comparator.endsWith('IN')) throw new SearchSyntaxError(`Invalid comparator for string attribute: ${comparator}`);
  if (value.kind !== 'text') throw new SearchSyntaxError('Expected a quoted string value for attributes.');
  return `${sql} ${comparator} ${values.add(storableText(value.value))}`;
}

function idCondition(comparator: string, value: Clause['value'], values: SqlValues): string {
  if (!['=', '!=', 'IN', 'NOT IN'].includes(comparator)) {
    throw new SearchSyntaxError(`Invalid comparator for experiment_id: ${comparator}`);
  }
  const ids = value.kind === 'list' ? value.values : value.kind === 'text' ? [value.value] : [];
  if (ids.length === 0) throw new SearchSyntaxError('Expected a quoted string value for attributes.');
  const isIn = `${EXPERIMENT_ID_SQL} = any(${values.add(ids.map(storableText))}::text[])`;
  return comparator === '=' || comparator === 'IN' ? isIn : `not ${isIn}`;
}

function tagCondition(key: string, comparator: string, value: Clause['value'], values: SqlValues): string {
  const there = `select 1 from telemetry.experiment_tags tags
    where tags.experiment_id = experiments.experiment_id and tags.key = ${values.add(storableText(key))}`;
  if (comparator === 'IS NULL') return `not exists (${there})`;
  if (comparator === 'IS NOT NULL') return `exists (${there})`;
  if (!['=', '!=', 'LIKE', 'ILIKE'].includes(comparator)) {
    throw new SearchSyntaxError(`Invalid comparator for tag: ${comparator}`);
  }
  const text = quotedText(value, 'tag');
  return `exists (${there} and tags.value ${comparator} ${values.add(storableText(text))})`;
}

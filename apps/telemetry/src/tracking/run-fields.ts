import { type Field, pythonSet, SearchSyntaxError } from '@mallo/backend';
import { ownValue } from '@mallo/contracts';

type FieldKind = 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset';
export type RunField = { kind: FieldKind; key: string };
type Attribute = { sql: string; isNumber: boolean };

const KINDS: Record<string, FieldKind> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'parameter',
  parameters: 'parameter',
  param: 'parameter',
  params: 'parameter',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

/** MLflow's words for how a run stands. */
export const MLFLOW_STATUS_SQL = `(case runs.status when 'queued' then 'SCHEDULED' when 'completed' then 'FINISHED'
  when 'failed' then 'FAILED' when 'cancelled' then 'KILLED' else 'RUNNING' end)`;

/** An experiment's id as it is shown: a project's default experiment is `0`. */
export const EXPERIMENT_ID_SQL = `(case when experiments.is_default then '0' else experiments.experiment_id::text end)`;

/** Where the files of an experiment are; `experiments` is joined. */
export const EXPERIMENT_LOCATION_SQL = `coalesce(experiments.artifact_location, 'mlflow-artifacts:/' || ${EXPERIMENT_ID_SQL})`;

/** Where the files of a run are; `experiments` is joined. */
export const RUN_LOCATION_SQL = `(${EXPERIMENT_LOCATION_SQL} || '/' || runs.run_id || '/artifacts')`;

/** What can be asked of a run beside what it logged, in the columns of `runs` joined with `experiments`. */
const ATTRIBUTES: Record<string, Attribute> = {
  run_id: { sql: 'runs.run_id', isNumber: false },
  run_name: { sql: 'runs.name', isNumber: false },
  user_id: { sql: 'runs.user_name', isNumber: false },
  status: { sql: MLFLOW_STATUS_SQL, isNumber: false },
  start_time: { sql: 'runs.started_ms', isNumber: true },
  end_time: { sql: 'runs.ended_ms', isNumber: true },
  artifact_uri: { sql: RUN_LOCATION_SQL, isNumber: false },
};
/** Other names of attributes, from MLflow's own page; by those of the name it does not sort. */
const SORTED_ALIASES = ['created', 'Created'];
const ALIASES: Record<string, string> = {
  created: 'start_time',
  Created: 'start_time',
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
};

/**
 * What a name in a filter or an order stands for.
 * @throws SearchSyntaxError
 */
export function runFieldOf(field: Field, use: 'filter' | 'order' = 'filter'): RunField {
  const kind = field.entity === null ? 'attribute' : ownValue(KINDS, field.entity);
  if (!kind) {
    throw new SearchSyntaxError(
      `Invalid entity type '${field.entity}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
    );
  }
  const aliases = use === 'filter' ? Object.keys(ALIASES) : SORTED_ALIASES;
  const isAlias = kind === 'attribute' && aliases.includes(field.key);
  const key = isAlias ? (ownValue(ALIASES, field.key) ?? field.key) : field.key;
  if (kind === 'attribute' && !ownValue(ATTRIBUTES, key)) {
    const valid = [...Object.keys(ATTRIBUTES), ...aliases];
    throw new SearchSyntaxError(`Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(valid)}'`);
  }
  if (kind === 'dataset' && !['name', 'digest', 'context'].includes(key)) {
    throw new SearchSyntaxError(
      `Invalid dataset key '${key}' specified. Valid keys are '${pythonSet(['name', 'digest', 'context'])}'`,
    );
  }
  return { kind, key };
}

/** @throws SearchSyntaxError where there is none of this name */
export function attributeOf(key: string): Attribute {
  const attribute = ownValue(ATTRIBUTES, key);
  if (!attribute) throw new SearchSyntaxError(`Invalid attribute key '${key}' specified.`);
  return attribute;
}

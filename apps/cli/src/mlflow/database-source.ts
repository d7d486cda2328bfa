import { dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { ImportedModel, ImportedVersion } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import { ArtifactFolders, filesBelow } from './artifact-folders.js';
import { filesOf, isLoggedModelId, isRunId } from './paths.js';
import type {
  Owner,
  Report,
  Source,
  SourceExperiment,
  SourceFile,
  SourceLoggedModel,
  SourcePoint,
  SourceRun,
} from './source.js';
import { asJson, MODEL_STATUSES, RUN_STATUSES, RUN_WORDS, STAGES } from './statuses.js';
import { words } from './words.js';

/** What is read; whether all of it is there tells whether the database is one that can be. */
const NEEDED: Record<string, string[]> = {
  experiments: ['experiment_id', 'name', 'lifecycle_stage', 'creation_time', 'last_update_time'],
  experiment_tags: ['experiment_id', 'key', 'value'],
  runs: [
    'run_uuid',
    'name',
    'user_id',
    'status',
    'start_time',
    'end_time',
    'lifecycle_stage',
    'artifact_uri',
    'experiment_id',
  ],
  metrics: ['run_uuid', 'key', 'value', 'timestamp', 'step', 'is_nan'],
  params: ['run_uuid', 'key', 'value'],
  tags: ['run_uuid', 'key', 'value'],
  datasets: [
    'dataset_uuid',
    'name',
    'digest',
    'dataset_source_type',
    'dataset_source',
    'dataset_schema',
    'dataset_profile',
  ],
  inputs: ['input_uuid', 'source_type', 'source_id', 'destination_type', 'destination_id'],
  input_tags: ['input_uuid', 'name', 'value'],
  registered_models: ['name', 'creation_time', 'last_updated_time', 'description'],
  model_versions: [
    'name',
    'version',
    'creation_time',
    'last_updated_time',
    'description',
    'current_stage',
    'source',
    'run_id',
    'run_link',
    'storage_location',
  ],
  registered_model_tags: ['name', 'key', 'value'],
  model_version_tags: ['name', 'version', 'key', 'value'],
  registered_model_aliases: ['name', 'alias', 'version'],
};
/** These came with MLflow 3. */
const NEEDED_OF_MODELS: Record<string, string[]> = {
  logged_models: [
    'model_id',
    'experiment_id',
    'name',
    'artifact_location',
    'creation_timestamp_ms',
    'last_updated_timestamp_ms',
    'status',
    'lifecycle_stage',
    'model_type',
    'source_run_id',
  ],
  logged_model_metrics: [
    'model_id',
    'metric_name',
    'metric_timestamp_ms',
    'metric_step',
    'metric_value',
    'run_id',
    'dataset_name',
    'dataset_digest',
  ],
  logged_model_params: ['model_id', 'param_key', 'param_value'],
  logged_model_tags: ['model_id', 'tag_key', 'tag_value'],
};

type Row = Record<string, string | number | null>;
type Pair = { key: string; value: string };

const text = (value: Row[string] | undefined) => (value === null || value === undefined ? '' : String(value));
const time = (value: Row[string] | undefined) => (value === null || value === undefined ? null : Number(value));

/** An `mlflow.db`: what MLflow keeps where nobody says otherwise. It is only read, and may be in use. */
export class DatabaseSource implements Source {
  private readonly addresses = new Map<string, string>();

  private constructor(
    private readonly database: DatabaseSync,
    private readonly folders: ArtifactFolders,
    private readonly hasLoggedModels: boolean,
    private readonly report: Report,
  ) {}

  /** @throws Refusal when it is no database of an MLflow that is known here */
  static open(path: string, artifacts: readonly string[], report: Report): DatabaseSource {
    let database: DatabaseSync;
    let found: Map<string, Set<string>>;
    try {
      database = new DatabaseSync(path, { readOnly: true });
      found = columnsOf(database);
    } catch (error) {
      throw new Refusal(words.notDatabase(path, (error as Error).message));
    }
    if (!found.has('alembic_version')) throw new Refusal(words.notDatabase(path, 'no table alembic_version'));
    const hasAll = (needed: Record<string, string[]>) =>
      Object.entries(needed).every(([table, columns]) => columns.every((column) => found.get(table)?.has(column)));
    const hasLoggedModels = found.has('logged_models');
    if (!hasAll(NEEDED) || (hasLoggedModels && !hasAll(NEEDED_OF_MODELS))) {
      const revision = database.prepare('select version_num from alembic_version').get()?.version_num;
      throw new Refusal(words.newerDatabase(path, String(revision)));
    }
    const beside = dirname(path);
    const folders = new ArtifactFolders([...artifacts, join(beside, 'mlruns'), join(beside, 'mlartifacts'), beside]);
    const source = new DatabaseSource(database, folders, hasLoggedModels, report);
    const traces = found.has('trace_info') ? source.rows('select count(*) as traces from trace_info')[0]?.traces : 0;
    if (Number(traces) > 0) report.leftOut(`${traces} traces`, words.traces());
    return source;
  }

  async *experiments(): AsyncGenerator<SourceExperiment> {
    for (const row of this.rows('select * from experiments order by experiment_id')) {
      const id = text(row.experiment_id);
      yield {
        id,
        name: text(row.name),
        lifecycleStage: stageOf(row),
        createdMs: time(row.creation_time) ?? 0,
        updatedMs: time(row.last_update_time) ?? time(row.creation_time) ?? 0,
        tags: this.pairs('select key, value from experiment_tags where experiment_id = ?', id),
      };
    }
  }

  async *runs({ id }: SourceExperiment): AsyncGenerator<SourceRun> {
    const ids = this.rows(
      'select run_uuid from runs where experiment_id = ? order by start_time, run_uuid',
      Number(id),
    );
    for (const { run_uuid } of ids) {
      const runId = text(run_uuid);
      if (isRunId(runId)) yield this.run(runId);
      else this.report.problem(runId, words.unreadable('run_uuid'));
    }
  }

  private run(id: string): SourceRun {
    const [row = {}] = this.rows('select * from runs where run_uuid = ?', id);
    this.addresses.set(id, text(row.artifact_uri));
    const tags = this.pairs('select key, value from tags where run_uuid = ?', id);
    const linked = (from: string, to: string) =>
      this.rows('select * from inputs where source_type = ? and source_id = ? and destination_type = ?', from, id, to);
    const models = (rows: Row[]) => rows.filter(({ destination_id }) => isLoggedModelId(text(destination_id)));
    return {
      id,
      name: text(row.name) || (tags.find(({ key }) => key === 'mlflow.runName')?.value ?? ''),
      user: text(row.user_id),
      status: RUN_STATUSES[(RUN_WORDS as readonly string[]).indexOf(text(row.status))] ?? 'running',
      startedMs: time(row.start_time),
      endedMs: time(row.end_time),
      lifecycleStage: stageOf(row),
      params: this.pairs('select key, value from params where run_uuid = ?', id),
      tags,
      datasets: this.datasets(id),
      inputModels: models(linked('RUN_INPUT', 'MODEL_INPUT')).map((link) => text(link.destination_id)),
      outputModels: models(linked('RUN_OUTPUT', 'MODEL_OUTPUT')).map((link) => ({
        modelId: text(link.destination_id),
        step: Number(link.step ?? 0),
      })),
    };
  }

  private datasets(runId: string): SourceRun['datasets'] {
    const rows = this.rows(
      `select datasets.*, input_uuid from inputs join datasets on dataset_uuid = source_id
        where source_type = 'DATASET' and destination_type = 'RUN' and destination_id = ?`,
      runId,
    );
    return rows.map((row) => ({
      dataset: {
        name: text(row.name),
        digest: text(row.digest),
        sourceType: text(row.dataset_source_type),
        source: text(row.dataset_source),
        schema: text(row.dataset_schema) || null,
        profile: text(row.dataset_profile) || null,
      },
      tags: this.pairs('select name as key, value from input_tags where input_uuid = ?', text(row.input_uuid)),
    }));
  }

  async *points(run: SourceRun, isThere: (key: string, count: number) => boolean): AsyncGenerator<SourcePoint> {
    const keys = this.rows('select key, count(*) as points from metrics where run_uuid = ? group by key', run.id);
    for (const { key, points } of keys) {
      if (isThere(text(key), Number(points))) continue;
      const rows = this.database
        .prepare(
          'select value, timestamp, step, is_nan from metrics where run_uuid = ? and key = ? order by timestamp, step, value',
        )
        .iterate(run.id, text(key)) as Iterable<Row>;
      for (const row of rows) {
        const value = row.is_nan ? Number.NaN : Number(row.value);
        yield { key: text(key), step: Number(row.step), timeMs: Number(row.timestamp), value };
      }
    }
  }

  async *loggedModels({ id }: SourceExperiment): AsyncGenerator<SourceLoggedModel> {
    if (!this.hasLoggedModels) return;
    const order = 'order by creation_timestamp_ms, model_id';
    for (const row of this.rows(`select * from logged_models where experiment_id = ? ${order}`, Number(id))) {
      const modelId = text(row.model_id);
      if (!isLoggedModelId(modelId)) continue;
      this.addresses.set(modelId, text(row.artifact_location));
      const points = this.rows('select * from logged_model_metrics where model_id = ?', modelId);
      yield {
        id: modelId,
        name: text(row.name),
        modelType: text(row.model_type),
        sourceRunId: text(row.source_run_id),
        status: MODEL_STATUSES[Number(row.status) - 1] ?? 'PENDING',
        lifecycleStage: stageOf(row),
        createdMs: time(row.creation_timestamp_ms) ?? 0,
        updatedMs: time(row.last_updated_timestamp_ms) ?? 0,
        params: this.pairs(
          'select param_key as key, param_value as value from logged_model_params where model_id = ?',
          modelId,
        ),
        tags: this.pairs(
          'select tag_key as key, tag_value as value from logged_model_tags where model_id = ?',
          modelId,
        ),
        points: points.map((point) => ({
          runId: text(point.run_id),
          key: text(point.metric_name),
          step: Number(point.metric_step),
          timeMs: Number(point.metric_timestamp_ms),
          // Where there is none, MLflow has NaN.
          value: asJson(point.metric_value === null ? Number.NaN : Number(point.metric_value)),
          datasetName: text(point.dataset_name),
          datasetDigest: text(point.dataset_digest),
        })),
      };
    }
  }

  async *files({ kind, id }: Owner): AsyncGenerator<SourceFile> {
    const address = this.addresses.get(id) ?? '';
    const folder = await this.folders.find(address);
    if (folder) yield* filesBelow(folder, id, this.report);
    else if (ArtifactFolders.isElsewhere(address)) this.report.problem(id, words.filesElsewhere(address));
    // A run may have logged none, but a model is files.
    else if (kind === 'logged model') this.report.problem(id, words.filesMissing(address));
  }

  async *registeredModels(): AsyncGenerator<ImportedModel> {
    for (const row of this.rows('select * from registered_models order by name')) {
      const name = text(row.name);
      const aliases = this.rows('select alias, version from registered_model_aliases where name = ?', name);
      yield {
        name,
        description: text(row.description),
        tags: this.pairs('select key, value from registered_model_tags where name = ?', name),
        createdMs: time(row.creation_time) ?? 0,
        updatedMs: time(row.last_updated_time) ?? 0,
        versions: this.versions(name),
        aliases: aliases.map(({ alias, version }) => ({ name: text(alias), number: Number(version) })),
      };
    }
  }

  private versions(name: string): ImportedVersion[] {
    const rows = this.rows('select * from model_versions where name = ? order by version', name);
    return rows
      .filter(({ current_stage }) => current_stage !== 'Deleted_Internal')
      .map((row) => {
        const [, modelId = ''] = /^models:\/(m-[0-9a-zA-Z]+)$/.exec(text(row.source)) ?? [];
        return {
          number: Number(row.version),
          source: text(row.source),
          runId: text(row.run_id),
          modelId,
          runLink: text(row.run_link),
          description: text(row.description),
          tags: this.pairs(
            'select key, value from model_version_tags where name = ? and version = ?',
            name,
            Number(row.version),
          ),
          stage: STAGES.find((stage) => stage === row.current_stage) ?? null,
          createdMs: time(row.creation_time) ?? 0,
          updatedMs: time(row.last_updated_time) ?? 0,
          files: filesOf({ source: text(row.source), storage: text(row.storage_location), modelId }),
        };
      });
  }

  close(): void {
    this.database.close();
  }

  private rows(statement: string, ...values: SQLInputValue[]): Row[] {
    return this.database.prepare(statement).all(...values) as Row[];
  }

  private pairs(statement: string, ...values: SQLInputValue[]): Pair[] {
    return this.rows(`${statement} order by 1`, ...values).map(({ key, value }) => ({
      key: text(key),
      value: text(value),
    }));
  }
}

function columnsOf(database: DatabaseSync): Map<string, Set<string>> {
  const rows = database
    .prepare('select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c')
    .all() as { table: string; column: string }[];
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of rows) columns.set(table, (columns.get(table) ?? new Set()).add(column));
  return columns;
}

function stageOf(row: Row): 'active' | 'deleted' {
  return row.lifecycle_stage === 'deleted' ? 'deleted' : 'active';
}

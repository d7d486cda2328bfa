import { createHash } from 'node:crypto';
import type { ImportedModel, ImportedVersion } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import { escapedPath, filesOf, isLoggedModelId, isRunId } from './paths.js';
import { IS_PROMPT_FILTER, isPrompt } from './prompt.js';
import { MlflowRest, type RestCredentials, RestError } from './rest.js';
import {
  DownloadUri,
  Experiments,
  Files,
  History,
  LoggedModels,
  OneModel,
  RegisteredModels,
  type Run,
  RunAnswer,
  RunIds,
  type Version,
  Versions,
} from './server-answers.js';
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

export const API = '/api/2.0/mlflow';
export const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';
/** As many as MLflow gives of a curve at once. */
const POINTS_A_PAGE = 25_000;

/** A running MLflow server, or Mallo, which speaks as it does. */
export class ServerSource implements Source {
  /** Where the files of what was told are, by id. */
  private readonly addresses = new Map<string, string>();
  private readonly curves = new WeakMap<SourceRun, { keys: string[]; mark: string | null }>();

  private constructor(
    readonly rest: MlflowRest,
    private readonly report: Report,
  ) {}

  /** @throws Refusal when there is no MLflow server at that address, or it does not let this person in */
  static async open(url: string, credentials: RestCredentials, report: Report): Promise<ServerSource> {
    const rest = new MlflowRest(url.replace(/\/+$/, ''), credentials);
    try {
      await rest.post(`${API}/experiments/search`, { max_results: 1, view_type: 'ALL' }, Experiments);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      throw new Refusal(error.status === 403 ? words.notLetIn(url) : words.notMlflow(url, error.message));
    }
    return new ServerSource(rest, report);
  }

  async *experiments(): AsyncGenerator<SourceExperiment> {
    const pages = this.pages((page_token) =>
      this.rest.post(`${API}/experiments/search`, { max_results: 200, view_type: 'ALL', page_token }, Experiments),
    );
    for await (const { experiments } of pages) {
      for (const one of experiments) {
        yield {
          id: one.experiment_id,
          name: one.name,
          lifecycleStage: one.lifecycle_stage,
          createdMs: one.creation_time ?? 0,
          updatedMs: one.last_update_time ?? one.creation_time ?? 0,
          tags: one.tags,
        };
      }
    }
  }

  async *runs({ id }: SourceExperiment): AsyncGenerator<SourceRun> {
    // The oldest first: what begins meanwhile comes after, and shifts no page.
    const search = {
      experiment_ids: [id],
      run_view_type: 'ALL',
      max_results: 500,
      order_by: ['attributes.start_time ASC'],
    };
    const pages = this.pages((page_token) => this.rest.post(`${API}/runs/search`, { ...search, page_token }, RunIds));
    for await (const { runs } of pages) {
      for (const { info } of runs) {
        const run = await this.reading(info.run_id, () => this.run(info.run_id));
        if (run) yield run;
      }
    }
  }

  /** @throws RestError when there is none */
  async run(id: string): Promise<SourceRun> {
    if (!isRunId(id)) throw new RestError(200, `run id ${id}`);
    const { run } = await this.rest.get(`${API}/runs/get`, { run_id: id }, RunAnswer);
    const { info, data, inputs, outputs } = run;
    this.addresses.set(id, info.artifact_uri);
    const told: SourceRun = {
      id,
      name: info.run_name,
      user: info.user_id,
      status: RUN_STATUSES[RUN_WORDS.indexOf(info.status)] ?? 'running',
      startedMs: info.start_time,
      endedMs: info.end_time,
      lifecycleStage: info.lifecycle_stage,
      params: data.params,
      tags: data.tags,
      datasets: inputs.dataset_inputs.map(({ dataset, tags }) => {
        const { source_type: sourceType, schema, profile, ...rest } = dataset;
        return { dataset: { ...rest, sourceType, schema: schema || null, profile: profile || null }, tags };
      }),
      inputModels: inputs.model_inputs.map(({ model_id }) => model_id).filter(isLoggedModelId),
      outputModels: outputs.model_outputs
        .filter(({ model_id }) => isLoggedModelId(model_id))
        .map(({ model_id, step }) => ({ modelId: model_id, step })),
    };
    this.curves.set(told, { keys: data.metrics.map(({ key }) => key), mark: markOf(run) });
    return told;
  }

  pointsMark(run: SourceRun): string | null {
    return this.curves.get(run)?.mark ?? null;
  }

  async *points(run: SourceRun): AsyncGenerator<SourcePoint> {
    for (const key of this.curves.get(run)?.keys ?? []) {
      const query = { run_id: run.id, metric_key: key, max_results: String(POINTS_A_PAGE) };
      const pages = this.pages((page_token) =>
        this.rest.get(`${API}/metrics/get-history`, { ...query, ...(page_token ? { page_token } : {}) }, History),
      );
      for await (const { metrics } of pages) {
        for (const { value, timestamp: timeMs, step } of metrics) yield { key, step, timeMs, value };
      }
    }
  }

  async *loggedModels({ id }: SourceExperiment): AsyncGenerator<SourceLoggedModel> {
    const search = {
      experiment_ids: [id],
      max_results: 50,
      order_by: [{ field_name: 'creation_timestamp', ascending: true }],
    };
    const pages = this.pages(async (page_token) => {
      try {
        return await this.rest.post(`${API}/logged-models/search`, { ...search, page_token }, LoggedModels);
      } catch (error) {
        // MLflow before 3 knows of none.
        if (error instanceof RestError && error.status === 404) return LoggedModels.parse({});
        throw error;
      }
    });
    for await (const { models } of pages) {
      for (const { info, data } of models) {
        this.addresses.set(info.model_id, info.artifact_uri);
        const createdMs = info.creation_timestamp_ms ?? 0;
        yield {
          id: info.model_id,
          name: info.name,
          modelType: info.model_type,
          sourceRunId: info.source_run_id,
          status: statusOf(info.status),
          lifecycleStage: 'active',
          createdMs,
          updatedMs: info.last_updated_timestamp_ms ?? createdMs,
          params: data.params,
          tags: info.tags,
          points: data.metrics
            .filter(({ run_id }) => isRunId(run_id))
            .map(({ key, value, timestamp, step, run_id, dataset_name, dataset_digest }) => ({
              runId: run_id,
              key,
              step,
              timeMs: timestamp,
              value: asJson(value),
              datasetName: dataset_name,
              datasetDigest: dataset_digest,
            })),
        };
      }
    }
  }

  async *files(owner: Owner): AsyncGenerator<SourceFile> {
    const address = this.addresses.get(owner.id) ?? '';
    try {
      yield* this.filesUnder(owner, address, '');
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.report.problem(owner.id, words.filesUnlisted(address, error.message));
    }
  }

  private async *filesUnder(owner: Owner, address: string, folder: string): AsyncGenerator<SourceFile> {
    const pages = this.pages((page_token): Promise<Files> => {
      const page: Record<string, string> = page_token ? { page_token } : {};
      return owner.kind === 'run'
        ? this.rest.get(`${API}/artifacts/list`, { run_id: owner.id, path: folder, ...page }, Files)
        : this.rest.get(
            `${API}/logged-models/${owner.id}/artifacts/directories`,
            { artifact_directory_path: folder, ...page },
            Files,
          );
    });
    for await (const { files } of pages) {
      for (const { path, is_dir, file_size } of files) {
        if (is_dir) yield* this.filesUnder(owner, address, path);
        else yield { path, sizeBytes: file_size, open: () => this.rest.open(placeOf(owner, address, path)) };
      }
    }
  }

  /** The files that a version has of its own, where the server keeps such. */
  async *versionFiles(name: string, number: number): AsyncGenerator<SourceFile> {
    const root = rootOf(await this.storageOf(name, number));
    if (root !== null) yield* this.filesAt(root);
  }

  /** All files below a path of the artifact server, by their paths from there. */
  async *filesAt(root: string, folder = ''): AsyncGenerator<SourceFile> {
    const within = (name: string) => (folder ? `${folder}/${name}` : name);
    const { files } = await this.rest.get(ARTIFACTS, { path: folder ? `${root}/${folder}` : root }, Files);
    for (const { path, is_dir, file_size } of files) {
      if (is_dir) yield* this.filesAt(root, within(path));
      else {
        const place = `${ARTIFACTS}/${escapedPath(`${root}/${within(path)}`)}`;
        yield { path: within(path), sizeBytes: file_size, open: () => this.rest.open(place) };
      }
    }
  }

  private async storageOf(name: string, number: number): Promise<string> {
    const version = { name, version: String(number) };
    return (await this.rest.get(`${API}/model-versions/get-download-uri`, version, DownloadUri)).artifact_uri;
  }

  async *registeredModels(): AsyncGenerator<ImportedModel> {
    const told = new Set<string>();
    for await (const name of this.modelNames()) {
      // An MLflow that knows of no prompts lists them among the models too.
      if (told.has(name)) continue;
      told.add(name);
      const model = await this.reading(name, () => this.registeredModel(name));
      if (model) yield model;
    }
  }

  private async *modelNames(): AsyncGenerator<string> {
    yield* this.modelsFound({});
    try {
      yield* this.modelsFound({ filter: IS_PROMPT_FILTER });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.report.leftOut(this.rest.url, words.promptsUnlisted(error.message));
    }
  }

  private async *modelsFound(query: { filter?: string }): AsyncGenerator<string> {
    const pages = this.pages((page_token) =>
      this.rest.get(
        `${API}/registered-models/search`,
        { max_results: '100', ...query, ...(page_token ? { page_token } : {}) },
        RegisteredModels,
      ),
    );
    for await (const { registered_models: models } of pages) for (const { name } of models) yield name;
  }

  /** @throws RestError when there is none */
  async registeredModel(name: string): Promise<ImportedModel> {
    const { registered_model: said } = await this.rest.get(`${API}/registered-models/get`, { name }, OneModel);
    const ofName = `name = '${name.replaceAll("'", "''")}'`;
    const versions = new Map<number, ImportedVersion>();
    for (const filter of [ofName, ...(isPrompt(said.tags) ? [`${ofName} AND ${IS_PROMPT_FILTER}`] : [])]) {
      const pages = this.pages((page_token) =>
        this.rest.get(
          `${API}/model-versions/search`,
          { filter, max_results: '1000', ...(page_token ? { page_token } : {}) },
          Versions,
        ),
      );
      for await (const page of pages)
        for (const version of page.model_versions) versions.set(version.version, await this.version(name, version));
    }
    const createdMs = said.creation_timestamp ?? 0;
    return {
      name,
      description: said.description,
      tags: said.tags,
      createdMs,
      updatedMs: said.last_updated_timestamp ?? createdMs,
      versions: [...versions.values()].toSorted((one, other) => one.number - other.number),
      aliases: said.aliases.map(({ alias, version }) => ({ name: alias, number: version })),
    };
  }

  private async version(name: string, said: Version): Promise<ImportedVersion> {
    const storage = await this.storageOf(name, said.version);
    const createdMs = said.creation_timestamp ?? 0;
    return {
      number: said.version,
      source: said.source,
      runId: said.run_id,
      modelId: said.model_id,
      runLink: said.run_link,
      description: said.description,
      tags: said.tags,
      stage: STAGES.find((stage) => stage === said.current_stage) ?? null,
      createdMs,
      updatedMs: said.last_updated_timestamp ?? createdMs,
      files: filesOf({ source: said.source, storage, modelId: said.model_id }),
    };
  }

  close(): void {}

  private async *pages<T extends { next_page_token?: string | undefined }>(
    page: (token: string | undefined) => Promise<T>,
  ): AsyncGenerator<T> {
    for (let token: string | undefined; ; ) {
      const answer = await page(token);
      yield answer;
      token = answer.next_page_token;
      if (!token) return;
    }
  }

  private async reading<T>(what: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.report.problem(what, words.unreadable(error.message));
      return null;
    }
  }
}

/** What a run tells of its curves at once: when it ended, and the last point of each. */
function markOf({ info, data }: Run): string | null {
  if (info.status === 'RUNNING' || info.status === 'SCHEDULED') return null;
  const last = data.metrics.map(({ key, value, timestamp, step }) => [key, String(value), timestamp, step] as const);
  const sorted = last.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([info.end_time, sorted]))
    .digest('hex');
}

/** Where a server hands out a file: through its artifact server, or by fetching it from where it is. */
function placeOf({ kind, id }: Owner, address: string, path: string): string {
  const root = rootOf(address);
  if (root !== null) return `${ARTIFACTS}/${escapedPath(`${root}/${path}`)}`;
  return kind === 'run'
    ? `/get-artifact?${new URLSearchParams({ run_uuid: id, path })}`
    : `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?${new URLSearchParams({ artifact_file_path: path })}`;
}

/** The path in the artifact server that an address is; null of one elsewhere. */
export function rootOf(address: string): string | null {
  return /^mlflow-artifacts:(?:\/\/[^/]+)?\/+(.*)$/.exec(address)?.[1] ?? null;
}

export function statusOf(said: string | number): SourceLoggedModel['status'] {
  if (typeof said === 'number') return MODEL_STATUSES[said - 1] ?? 'PENDING';
  return MODEL_STATUSES.find((status) => said.endsWith(status)) ?? 'PENDING';
}

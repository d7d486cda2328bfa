import { createReadStream } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ImportedModel, ImportedVersion } from '@mallo/contracts';
import { z } from 'zod';
import { Refusal } from '../sentences.js';
import { ArtifactFolders, filesBelow } from './artifact-folders.js';
import { MaybeText, MaybeTime, readMeta } from './meta-file.js';
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
import { asJson, MODEL_STATUSES, RUN_STATUSES, STAGES } from './statuses.js';
import { words } from './words.js';

const META = 'meta.yaml';
const TRASH = '.trash';
const REGISTRY = 'models';
/** Folders of an experiment that are no runs. */
const NOT_RUNS = ['tags', 'datasets', 'traces', 'models'];

const ExperimentMeta = z.object({
  name: z.string().min(1),
  lifecycle_stage: z.enum(['active', 'deleted']).default('active'),
  creation_time: MaybeTime,
  last_update_time: MaybeTime,
});
const RunMeta = z.object({
  run_name: MaybeText,
  name: MaybeText,
  user_id: MaybeText,
  status: z.coerce.number().int().min(1).max(5).default(1),
  start_time: MaybeTime,
  end_time: MaybeTime,
  lifecycle_stage: z.enum(['active', 'deleted']).default('active'),
  artifact_uri: MaybeText,
});
const DatasetMeta = z.object({
  name: z.string(),
  digest: z.string(),
  source_type: MaybeText,
  source: MaybeText,
  schema: MaybeText,
  profile: MaybeText,
});
const LinkMeta = z.object({
  source_type: z.string(),
  source_id: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  step: z.coerce.number().int().default(0),
});
const LoggedModelMeta = z.object({
  name: z.string(),
  model_type: MaybeText,
  source_run_id: MaybeText,
  status: z.coerce.number().int().min(0).max(3).default(1),
  lifecycle_stage: z.enum(['active', 'deleted']).default('active'),
  creation_timestamp: MaybeTime,
  last_updated_timestamp: MaybeTime,
  artifact_location: MaybeText,
});
const RegisteredMeta = z.object({
  description: MaybeText,
  creation_timestamp: MaybeTime,
  last_updated_timestamp: MaybeTime,
});
const VersionMeta = RegisteredMeta.extend({
  current_stage: MaybeText,
  source: MaybeText,
  storage_location: MaybeText,
  run_id: MaybeText,
  run_link: MaybeText,
  model_id: MaybeText,
});

/** An `mlruns/` folder: what MLflow kept before it had a database, and still can. */
export class FolderSource implements Source {
  private readonly folders: ArtifactFolders;
  /** Where the files of what was told are, by its id. */
  private readonly addresses = new Map<string, { own: string; address: string }>();

  private constructor(
    private readonly root: string,
    artifacts: readonly string[],
    private readonly report: Report,
  ) {
    // `mlflow server` has its files in a folder beside it.
    this.folders = new ArtifactFolders([root, ...artifacts, join(dirname(root), 'mlartifacts')]);
  }

  /** @throws Refusal when it is no such folder */
  static async open(root: string, artifacts: readonly string[], report: Report): Promise<FolderSource> {
    const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
      throw new Refusal(error.code === 'EACCES' ? words.folderForbidden(root) : words.noFolder(root));
    });
    const inner = await Promise.all(names.map((name) => isThere(join(root, name, META))));
    if (!inner.some(Boolean) && !names.includes(TRASH) && !names.includes(REGISTRY))
      throw new Refusal(words.notMlruns(root));
    return new FolderSource(root, artifacts, report);
  }

  async *experiments(): AsyncGenerator<SourceExperiment> {
    for (const folder of await this.experimentFolders()) {
      const said = await this.reading(folder, () => readMeta(join(folder, META), ExperimentMeta));
      if (!said) continue;
      const madeMs = said.creation_time ?? (await changedMs(join(folder, META)));
      yield {
        id: folder,
        name: said.name,
        lifecycleStage: said.lifecycle_stage,
        createdMs: madeMs,
        updatedMs: said.last_update_time ?? madeMs,
        tags: await this.pairs(join(folder, 'tags')),
      };
      const traces = (await namesIn(join(folder, 'traces'))).length;
      if (traces > 0) this.report.leftOut(said.name, words.traces());
    }
  }

  async *runs({ id: folder }: SourceExperiment): AsyncGenerator<SourceRun> {
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      if (NOT_RUNS.includes(name) || !isRunId(name) || !(await isThere(join(path, META)))) continue;
      const run = await this.reading(path, () => this.run(folder, path));
      if (run) yield run;
    }
  }

  private async run(folder: string, path: string): Promise<SourceRun> {
    const said = await readMeta(join(path, META), RunMeta);
    const id = basename(path);
    this.addresses.set(id, { own: join(path, 'artifacts'), address: said.artifact_uri });
    const datasets: SourceRun['datasets'] = [];
    const inputModels: string[] = [];
    for (const name of await namesIn(join(path, 'inputs'))) {
      const link = await readMeta(join(path, 'inputs', name, META), LinkMeta);
      if (link.source_type === 'MODEL') {
        if (isLoggedModelId(link.source_id)) inputModels.push(link.source_id);
        continue;
      }
      if (!/^[0-9a-zA-Z-]+$/.test(link.source_id)) continue;
      const dataset = await readMeta(join(folder, 'datasets', link.source_id, META), DatasetMeta);
      const { source_type: sourceType, schema, profile, ...rest } = dataset;
      datasets.push({
        dataset: { ...rest, sourceType, schema: schema || null, profile: profile || null },
        tags: Object.entries(link.tags).map(([key, value]) => ({ key, value })),
      });
    }
    const outputModels: SourceRun['outputModels'] = [];
    for (const name of await namesIn(join(path, 'outputs'))) {
      const { step } = await readMeta(join(path, 'outputs', name, META), LinkMeta);
      if (isLoggedModelId(name)) outputModels.push({ modelId: name, step });
    }
    const tags = await this.pairs(join(path, 'tags'));
    return {
      id,
      name: said.run_name || said.name || (tags.find(({ key }) => key === 'mlflow.runName')?.value ?? ''),
      user: said.user_id,
      status: RUN_STATUSES[said.status - 1] ?? 'running',
      startedMs: said.start_time,
      endedMs: said.end_time,
      lifecycleStage: said.lifecycle_stage,
      params: await this.pairs(join(path, 'params')),
      tags,
      datasets,
      inputModels,
      outputModels,
    };
  }

  async *points(run: SourceRun, isThere: (key: string, count: number) => boolean): AsyncGenerator<SourcePoint> {
    const own = this.addresses.get(run.id)?.own;
    if (!own) return;
    const folder = join(dirname(own), 'metrics');
    for await (const { path: key } of filesBelow(folder, run.id, this.report)) {
      const file = join(folder, key);
      if (isThere(key, await linesIn(file))) continue;
      let broken = 0;
      for await (const line of createInterface({
        input: createReadStream(file),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        const point = pointOf(line);
        if (point) yield { key, ...point };
        else if (line.trim() !== '') broken += 1;
      }
      if (broken > 0) this.report.problem(`${run.id} metrics/${key}`, words.brokenPoints(broken));
    }
  }

  async *loggedModels({ id: folder }: SourceExperiment): AsyncGenerator<SourceLoggedModel> {
    for (const id of await namesIn(join(folder, 'models'))) {
      const path = join(folder, 'models', id);
      if (!isLoggedModelId(id) || !(await isThere(join(path, META)))) continue;
      const model = await this.reading(path, () => this.loggedModel(id, path));
      if (model) yield model;
    }
  }

  private async loggedModel(id: string, path: string): Promise<SourceLoggedModel> {
    const said = await readMeta(join(path, META), LoggedModelMeta);
    this.addresses.set(id, { own: join(path, 'artifacts'), address: said.artifact_location });
    const points: SourceLoggedModel['points'] = [];
    for await (const { path: key } of filesBelow(join(path, 'metrics'), id, this.report)) {
      for (const line of (await readFile(join(path, 'metrics', key), 'utf8')).split('\n')) {
        const point = pointOf(line);
        const [, , , runId = '', ...dataset] = line.trim().split(' ');
        if (!point || !isRunId(runId)) continue;
        const [datasetDigest = '', ...name] = dataset.toReversed();
        points.push({
          runId,
          key,
          ...point,
          value: asJson(point.value),
          datasetName: name.toReversed().join(' '),
          datasetDigest,
        });
      }
    }
    const madeMs = said.creation_timestamp ?? (await changedMs(join(path, META)));
    return {
      id,
      name: said.name,
      modelType: said.model_type,
      sourceRunId: said.source_run_id,
      status: MODEL_STATUSES[said.status - 1] ?? 'PENDING',
      lifecycleStage: said.lifecycle_stage,
      createdMs: madeMs,
      updatedMs: said.last_updated_timestamp ?? madeMs,
      params: await this.pairs(join(path, 'params')),
      tags: await this.pairs(join(path, 'tags')),
      points,
    };
  }

  async *files({ id }: Owner): AsyncGenerator<SourceFile> {
    const known = this.addresses.get(id);
    if (!known) return;
    const folder = (await isThere(known.own)) ? known.own : await this.folders.find(known.address);
    if (folder) yield* filesBelow(folder, id, this.report);
    else if (ArtifactFolders.isElsewhere(known.address)) this.report.problem(id, words.filesElsewhere(known.address));
    // MLflow makes the folder with the run, but for those that a server keeps.
    else if (!known.address.startsWith('mlflow-artifacts:')) this.report.problem(id, words.filesMissing(known.address));
  }

  async *registeredModels(): AsyncGenerator<ImportedModel> {
    for (const name of await namesIn(join(this.root, REGISTRY))) {
      const path = join(this.root, REGISTRY, name);
      if (!(await isThere(join(path, META)))) continue;
      const model = await this.reading(path, () => this.registeredModel(name, path));
      if (model) yield model;
    }
  }

  private async registeredModel(name: string, path: string): Promise<ImportedModel> {
    const said = await readMeta(join(path, META), RegisteredMeta);
    const versions: ImportedVersion[] = [];
    for (const folder of await namesIn(path)) {
      const number = Number(/^version-(\d{1,9})$/.exec(folder)?.[1] ?? Number.NaN);
      const version =
        number > 0 && (await this.reading(join(path, folder), () => this.version(number, join(path, folder))));
      if (version) versions.push(version);
    }
    const aliases = await this.pairs(join(path, 'aliases'));
    const createdMs = said.creation_timestamp ?? (await changedMs(join(path, META)));
    return {
      name,
      description: said.description,
      tags: await this.pairs(join(path, 'tags')),
      createdMs,
      updatedMs: said.last_updated_timestamp ?? createdMs,
      versions: versions.toSorted((one, other) => one.number - other.number),
      aliases: aliases.map(({ key, value }) => ({ name: key, number: Number(value) })),
    };
  }

  private async version(number: number, path: string): Promise<ImportedVersion | null> {
    const said = await readMeta(join(path, META), VersionMeta);
    if (said.current_stage === 'Deleted_Internal') return null;
    const createdMs = said.creation_timestamp ?? (await changedMs(join(path, META)));
    return {
      number,
      source: said.source,
      runId: said.run_id,
      modelId: said.model_id,
      runLink: said.run_link,
      description: said.description,
      tags: await this.pairs(join(path, 'tags')),
      stage: STAGES.find((stage) => stage === said.current_stage) ?? null,
      createdMs,
      updatedMs: said.last_updated_timestamp ?? createdMs,
      files: filesOf({ source: said.source, storage: said.storage_location, modelId: said.model_id }),
    };
  }

  close(): void {}

  private async experimentFolders(): Promise<string[]> {
    const below = async (folder: string) =>
      (await namesIn(folder)).filter((name) => name !== TRASH && name !== REGISTRY).map((name) => join(folder, name));
    const folders = [...(await below(this.root)), ...(await below(join(this.root, TRASH)))];
    const isExperiment = await Promise.all(folders.map((folder) => isThere(join(folder, META))));
    return folders.filter((_, at) => isExperiment[at]);
  }

  /** Keys and values that are a file each, the key its path. */
  private async pairs(folder: string): Promise<{ key: string; value: string }[]> {
    const pairs: { key: string; value: string }[] = [];
    for await (const { path: key } of filesBelow(folder, folder, this.report)) {
      pairs.push({ key, value: await readFile(join(folder, key), 'utf8') });
    }
    return pairs;
  }

  private async reading<T>(path: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      this.report.problem(path, words.unreadable((error as Error).message.split('\n')[0] ?? ''));
      return null;
    }
  }
}

/** A line of a metric: time, value, step, and what else there is. */
function pointOf(line: string): { timeMs: number; value: number; step: number } | null {
  const [time = '', number = '', step = '0'] = line.trim().split(' ');
  const value = numberOf(number);
  const point = { timeMs: Number(time), value: value ?? 0, step: Number(step) };
  const isWhole =
    time !== '' && Number.isSafeInteger(point.timeMs) && point.timeMs >= 0 && Number.isSafeInteger(point.step);
  return value !== null && isWhole ? point : null;
}

/** A number as Python writes it. */
function numberOf(text: string): number | null {
  const [, sign = '', word = ''] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (word) return word.toLowerCase() === 'nan' ? Number.NaN : Number(`${sign}Infinity`);
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : null;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names.toSorted();
}

async function linesIn(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return lines;
}

async function changedMs(path: string): Promise<number> {
  return Math.floor((await stat(path)).mtimeMs);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { ImportedModel, ImportedVersion, RunStatus } from '@mallo/contracts';
import { stringify } from 'yaml';
import type { Report, SourceExperiment, SourceFile, SourceLoggedModel, SourcePoint, SourceRun } from './source.js';
import { MODEL_STATUSES, RUN_STATUSES } from './statuses.js';
import { words } from './words.js';

/** `SourceType.LOCAL`, which MLflow writes of every run. */
const LOCAL = 4;
const PIECE_BYTES = 64 * 1024;

type Pair = { key: string; value: string };

/**
 * Writes an `mlruns/` folder as MLflow's file store does. It is written at `folder` and says of itself that it is at
 * `address`, where it is moved to once it is whole.
 */
export class FolderWriter {
  private readonly places = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly address: string,
    private readonly report: Report,
  ) {}

  async experiment(said: SourceExperiment): Promise<void> {
    const place = said.lifecycleStage === 'deleted' ? join('.trash', said.id) : said.id;
    this.places.set(said.id, place);
    await this.meta(place, {
      artifact_location: this.uri(said.id),
      creation_time: said.createdMs,
      experiment_id: said.id,
      last_update_time: said.updatedMs,
      lifecycle_stage: said.lifecycleStage,
      name: said.name,
    });
    await this.pairs(said.name, join(place, 'tags'), said.tags);
  }

  async run(experiment: SourceExperiment, said: SourceRun): Promise<void> {
    const place = join(this.placeOf(experiment), said.id);
    await this.meta(place, {
      artifact_uri: this.uri(experiment.id, said.id, 'artifacts'),
      end_time: said.endedMs,
      entry_point_name: '',
      experiment_id: experiment.id,
      lifecycle_stage: said.lifecycleStage,
      run_id: said.id,
      run_name: said.name,
      source_name: '',
      source_type: LOCAL,
      source_version: '',
      start_time: said.startedMs,
      status: numberOf(said.status),
      tags: [],
      user_id: said.user,
    });
    for (const folder of ['metrics', 'params', 'artifacts']) await this.make(join(place, folder));
    await this.pairs(said.id, join(place, 'params'), said.params);
    await this.pairs(said.id, join(place, 'tags'), said.tags);
    for (const { dataset, tags } of said.datasets) {
      const { sourceType: source_type, ...rest } = dataset;
      const datasetId = digestOf(dataset.name, dataset.digest);
      await this.meta(join(this.placeOf(experiment), 'datasets', datasetId), { ...rest, source_type });
      const record = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
      await this.link(join(place, 'inputs', digestOf(datasetId, said.id)), 'DATASET', 'RUN', datasetId, record);
    }
    for (const id of said.inputModels)
      await this.link(join(place, 'inputs', digestOf(id, said.id)), 'MODEL', 'RUN', id);
    for (const { modelId, step } of said.outputModels) {
      await this.link(join(place, 'outputs', modelId), 'RUN_OUTPUT', 'MODEL_OUTPUT', modelId, {}, { step });
    }
  }

  /** Writes points that come curve by curve. @returns how many */
  async points(experiment: SourceExperiment, runId: string, points: AsyncIterable<SourcePoint>): Promise<number> {
    const folder = join(this.placeOf(experiment), runId, 'metrics');
    let [key, count] = ['', 0];
    let file: LinesFile | null = null;
    for await (const point of points) {
      if (file === null || point.key !== key) {
        await file?.close();
        key = point.key;
        file = await this.linesFile(runId, join(folder), key);
      }
      count += 1;
      await file.write(`${point.timeMs} ${pythonNumber(point.value)} ${point.step}\n`);
    }
    await file?.close();
    return count;
  }

  async loggedModel(experiment: SourceExperiment, said: SourceLoggedModel): Promise<void> {
    const place = join(this.placeOf(experiment), 'models', said.id);
    await this.meta(place, {
      artifact_location: this.uri(experiment.id, 'models', said.id, 'artifacts'),
      creation_timestamp: said.createdMs,
      experiment_id: experiment.id,
      last_updated_timestamp: said.updatedMs,
      lifecycle_stage: said.lifecycleStage,
      model_id: said.id,
      model_type: said.modelType || null,
      name: said.name,
      source_run_id: said.sourceRunId || null,
      status: MODEL_STATUSES.indexOf(said.status) + 1,
      status_message: null,
    });
    for (const folder of ['metrics', 'params', 'artifacts']) await this.make(join(place, folder));
    await this.pairs(said.id, join(place, 'params'), said.params);
    await this.pairs(said.id, join(place, 'tags'), said.tags);
    for (const [key, points] of Map.groupBy(said.points, (point) => point.key)) {
      const file = await this.linesFile(said.id, join(place, 'metrics'), key);
      for (const { timeMs, value, step, runId, datasetName, datasetDigest } of points) {
        // The words of a line are parted by spaces, and a name with one would make it unreadable.
        const isWord = datasetName !== '' && datasetDigest !== '' && !/\s/.test(datasetName + datasetDigest);
        const dataset = isWord ? ` ${datasetName} ${datasetDigest}` : '';
        await file.write(`${timeMs} ${pythonNumber(Number(value))} ${step} ${runId}${dataset}\n`);
      }
      await file.close();
    }
  }

  /** Writes the files of a run (`RUN`) or logged model (`models/m-…`) of an experiment. @returns their bytes */
  async artifacts(experiment: SourceExperiment, owner: string, file: SourceFile): Promise<boolean> {
    return this.file(join(this.placeOf(experiment), owner, 'artifacts'), owner, file);
  }

  /** @param storageOf where the files of a version are, as an address */
  async registeredModel(said: ImportedModel, storageOf: (version: ImportedVersion) => string | null): Promise<void> {
    if (!isFolderName(said.name)) {
      this.report.problem(said.name, words.notAFolderName());
      return;
    }
    const place = join('models', said.name);
    await this.meta(place, {
      creation_timestamp: said.createdMs,
      description: said.description || null,
      last_updated_timestamp: said.updatedMs,
      name: said.name,
    });
    await this.pairs(said.name, join(place, 'tags'), said.tags);
    for (const version of said.versions) {
      const versionPlace = this.versionPlace(said.name, version.number);
      await this.meta(versionPlace, {
        creation_timestamp: version.createdMs,
        current_stage: version.stage ?? 'None',
        description: version.description || null,
        last_updated_timestamp: version.updatedMs,
        model_id: version.modelId || null,
        name: said.name,
        run_id: version.runId || null,
        run_link: version.runLink || null,
        source: version.source,
        status: 'READY',
        status_message: null,
        storage_location: storageOf(version),
        user_id: null,
        version: version.number,
      });
      await this.pairs(said.name, join(versionPlace, 'tags'), version.tags);
    }
    const aliases = said.aliases.map(({ name, number }) => ({ key: name, value: String(number) }));
    await this.pairs(said.name, join(place, 'aliases'), aliases);
  }

  /** Keeps a file of a version beside it. */
  versionFile(model: string, number: number, file: SourceFile): Promise<boolean> {
    return this.file(join(this.versionPlace(model, number), 'artifacts'), `${model} ${number}`, file);
  }

  versionUri(model: string, number: number): string {
    return this.uri('models', model, `version-${number}`, 'artifacts');
  }

  uri(...segments: string[]): string {
    return pathToFileURL(join(this.address, ...segments)).href;
  }

  private versionPlace(model: string, number: number): string {
    return join('models', model, `version-${number}`);
  }

  private async file(folder: string, what: string, file: SourceFile): Promise<boolean> {
    if (!isInside(file.path)) {
      this.report.problem(`${what} ${file.path}`, words.notAFolderName());
      return false;
    }
    const path = join(this.folder, folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(await file.open(), createWriteStream(path));
    return true;
  }

  private async meta(place: string, record: Record<string, unknown>): Promise<void> {
    await this.make(place);
    // Every text in quotes: what MLflow reads it with takes more words for numbers and booleans than JSON does.
    const text = stringify(record, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      lineWidth: 0,
      version: '1.1',
    });
    await writeFile(join(this.folder, place, 'meta.yaml'), text);
  }

  private async link(
    place: string,
    from: string,
    to: string,
    id: string,
    tags: Record<string, string> = {},
    more: object = {},
  ): Promise<void> {
    await this.meta(place, {
      destination_id: id,
      destination_type: to,
      source_id: id,
      source_type: from,
      tags,
      ...more,
    });
  }

  /** Keys are paths in a folder, as in MLflow's own. */
  private async pairs(what: string, folder: string, pairs: Pair[]): Promise<void> {
    for (const { key, value } of pairs) {
      const path = await this.keyFile(what, folder, key);
      if (path) await writeFile(path, value);
    }
  }

  private async linesFile(what: string, folder: string, key: string): Promise<LinesFile> {
    const path = await this.keyFile(what, folder, key);
    return new LinesFile(path === null ? null : createWriteStream(path));
  }

  /** @returns null when a file cannot have this name, which is told */
  private async keyFile(what: string, folder: string, key: string): Promise<string | null> {
    const path = join(this.folder, folder, key);
    try {
      if (!isKey(key)) throw new Error(key);
      await mkdir(dirname(path), { recursive: true });
      if (await isFolder(path)) throw new Error(key);
      return path;
    } catch {
      this.report.problem(`${what} ${key}`, words.notAFileName());
      return null;
    }
  }

  private async make(place: string): Promise<void> {
    await mkdir(join(this.folder, place), { recursive: true });
  }

  private placeOf({ id }: SourceExperiment): string {
    return this.places.get(id) ?? id;
  }
}

/** A file of lines, written in larger pieces; of none, what is written is nothing. */
class LinesFile {
  private waiting = '';
  private failure: Error | null = null;

  constructor(private readonly stream: WriteStream | null) {
    stream?.on('error', (error) => {
      this.failure = error;
    });
  }

  async write(line: string): Promise<void> {
    this.waiting += line;
    if (this.waiting.length >= PIECE_BYTES) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await new Promise<void>((done) => (this.stream ? this.stream.end(done) : done()));
    if (this.failure) throw this.failure;
  }

  private async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (this.failure) throw this.failure;
    if (text !== '') await new Promise<void>((done) => (this.stream ? this.stream.write(text, () => done()) : done()));
  }
}

/** The names that MLflow reads, which are also paths that stay in their folder. */
function isKey(key: string): boolean {
  return /^[/\p{L}\p{N}_.\- :]+$/u.test(key) && isInside(key);
}

function isInside(path: string): boolean {
  const isOwn = posix.normalize(path) === path && path !== '.' && !path.startsWith('..') && !path.startsWith('/');
  return (
    isOwn && !path.includes('\0') && path.split('/').every((name) => name !== '' && Buffer.byteLength(name) <= 255)
  );
}

function isFolderName(name: string): boolean {
  return isInside(name) && !/[/\\%:]/.test(name);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function numberOf(status: RunStatus): number {
  return RUN_STATUSES.indexOf(status) + 1 || 1;
}

function pythonNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** As MLflow makes the ids of datasets and of what links them. */
function digestOf(one: string, other: string): string {
  return createHash('md5').update(one).update(other).digest('hex');
}

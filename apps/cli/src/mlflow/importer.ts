import { basename } from 'node:path';
import { ApiError, UnreachableError } from '@mallo/client';
import {
  type ImportedCurves,
  type ImportedModel,
  isPlainPath,
  METRIC_KEY_CHARACTERS,
  modelImportRoutes,
  trackingImportRoutes,
  trackingRoutes,
} from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import { concurrently } from './concurrently.js';
import type { Shown } from './figures.js';
import { type MalloProject, patiently } from './mallo-project.js';
import { piecesOf } from './pieces.js';
import { inExperiments, isPrompt } from './prompt.js';
import type { Owner, Report, Source, SourceExperiment, SourceFile, SourceLoggedModel, SourceRun } from './source.js';
import { asJson } from './statuses.js';
import { words } from './words.js';

/** Runs at a time: while one waits for the disk of Mallo, another is read. */
const AT_ONCE = 4;
const POINTS_AT_ONCE = 10_000;
/** Of params and tags, and of points of logged models: a request stays far below what Mallo takes at once. */
const PAIRS_AT_ONCE = 500;
const TEXT_AT_ONCE = 1_000_000;
const MODEL_POINTS_AT_ONCE = 5_000;
const VERSIONS_AT_ONCE = 50;

export type Counts = Shown & { newRuns: number; newFiles: number; newVersions: number };

/** Where an experiment of the source is here. */
type Place = { experimentId: string; artifacts: string | null };
type Pair = { key: string; value: string };

/** Copies what a source has into a project. What is there already stays; what fails is told, and the rest goes on. */
export class Importer {
  readonly counts: Counts = {
    experiments: 0,
    runs: 0,
    newRuns: 0,
    points: 0,
    loggedModels: 0,
    files: 0,
    newFiles: 0,
    bytes: 0,
    models: 0,
    versions: 0,
    newVersions: 0,
  };

  constructor(
    private readonly source: Source,
    private readonly project: MalloProject,
    private readonly report: Report,
  ) {}

  /** @throws Refusal, UnreachableError when the source or Mallo is away; the next time goes on from there */
  async import(): Promise<void> {
    const places = new Map<SourceExperiment, Place>();
    for await (const experiment of this.source.experiments()) {
      const place = await this.trying(experiment.name, () => this.experiment(experiment));
      if (place) places.set(experiment, place);
    }
    for (const [experiment, place] of places) {
      await concurrently(this.source.runs(experiment), AT_ONCE, (run) =>
        this.trying(run.id, () => this.run(run, place)),
      );
    }
    // Once all runs are there, for a run may have logged points of a model of any other.
    for (const [experiment, place] of places) {
      await concurrently(this.source.loggedModels(experiment), AT_ONCE, (model) =>
        this.trying(model.id, () => this.loggedModel(model, place)),
      );
    }
    // A folder's experiments are named by their paths.
    const idsHere = new Map([...places].map(([{ id }, { experimentId }]) => [basename(id), experimentId]));
    for await (const model of this.source.registeredModels()) {
      const tags = inExperiments(model.tags, (id) => idsHere.get(id));
      await this.trying(model.name, () => this.registeredModel({ ...model, tags }));
    }
  }

  private async experiment(experiment: SourceExperiment): Promise<Place> {
    const { id: _, ...body } = experiment;
    const params = { projectId: this.project.id };
    const tags = this.checked(experiment.name, body.tags);
    const made = await patiently(() =>
      this.project.client.call(trackingImportRoutes.experiment, { params, body: { ...body, tags } }),
    );
    this.tellDiffering(experiment.name, made.differing);
    this.counts.experiments += 1;
    const [, root] = /^mlflow-artifacts:\/+(.*)$/.exec(made.artifactLocation) ?? [];
    if (root === undefined) this.report.problem(experiment.name, words.otherLocation(made.artifactLocation));
    return { experimentId: made.experimentId, artifacts: root ?? null };
  }

  private async run(run: SourceRun, { experimentId, artifacts }: Place): Promise<void> {
    const { id: runId, params: allParams, tags: allTags, ...rest } = run;
    const target = { projectId: this.project.id, runId };
    const paramPieces = pieces(this.checked(runId, allParams));
    const tagPieces = pieces(this.checked(runId, allTags));
    let [isNew, marked] = [false, null as string | null];
    for (let at = 0; at < Math.max(paramPieces.length, tagPieces.length, 1); at += 1) {
      const more = { params: paramPieces[at] ?? [], tags: tagPieces[at] ?? [] };
      const links = at === 0 ? {} : { datasets: [], inputModels: [], outputModels: [] };
      const body = { experimentId, ...rest, ...more, ...links };
      const made = await patiently(() => this.project.client.call(trackingImportRoutes.run, { params: target, body }));
      isNew ||= made.isNew;
      marked = made.pointsMark;
      this.tellDiffering(runId, made.differing);
    }
    const mark = this.source.pointsMark?.(run) ?? null;
    if (mark === null || mark !== marked) await this.points(run, isNew, mark);
    if (artifacts !== null) await this.files({ kind: 'run', id: runId }, `${artifacts}/${runId}/artifacts`, isNew);
    this.counts.runs += 1;
    if (isNew) this.counts.newRuns += 1;
  }

  /** Points that are sent again are not kept twice, so that a curve of which some are there is sent whole. */
  private async points(run: SourceRun, isNew: boolean, mark: string | null): Promise<void> {
    const there = isNew ? new Map<string, number>() : await this.pointsThere(run.id);
    const target = { projectId: this.project.id, runId: run.id };
    let curves = new Map<string, ImportedCurves['curves'][number]>();
    let waiting = 0;
    const send = async (more: { mark?: string }) => {
      const body = { curves: [...curves.values()], ...more };
      await patiently(() => this.project.client.call(trackingImportRoutes.points, { params: target, body }));
      curves = new Map();
      waiting = 0;
    };
    let lastRefused: string | null = null;
    for await (const { key, step, timeMs, value } of this.source.points(
      run,
      (name, count) => there.get(name) === count,
    )) {
      if (key === '' || key.length > METRIC_KEY_CHARACTERS) {
        if (key !== lastRefused) this.report.problem(`${run.id} ${key.slice(0, 50)}…`, words.brokenKey());
        lastRefused = key;
        continue;
      }
      const curve = curves.get(key) ?? { key, steps: [], timesMs: [], values: [] };
      curves.set(key, curve);
      curve.steps.push(step);
      curve.timesMs.push(timeMs);
      curve.values.push(asJson(value));
      waiting += 1;
      this.counts.points += 1;
      if (waiting >= POINTS_AT_ONCE) await send({});
    }
    // What was refused is to be told the next time too.
    const last = mark === null || lastRefused !== null ? {} : { mark };
    if (waiting > 0 || last.mark !== undefined) await send(last);
  }

  private async pointsThere(runId: string): Promise<Map<string, number>> {
    const there = new Map<string, number>();
    for (let after: string | undefined; ; ) {
      const query = { limit: 1000, ...(after === undefined ? {} : { after }) };
      const { metrics } = await patiently(() =>
        this.project.client.call(trackingRoutes.metrics, { params: { runId }, query }),
      );
      for (const { key, count } of metrics) there.set(key, count);
      after = metrics.at(-1)?.key;
      if (metrics.length < 1000) return there;
    }
  }

  private async loggedModel(model: SourceLoggedModel, { experimentId, artifacts }: Place): Promise<void> {
    const { id: modelId, points, params, tags, ...rest } = model;
    const target = { projectId: this.project.id, modelId };
    const [paramPieces, tagPieces] = [pieces(this.checked(modelId, params)), pieces(this.checked(modelId, tags))];
    const pointPieces = piecesOf(points, MODEL_POINTS_AT_ONCE);
    let isNew = false;
    for (let at = 0; at < Math.max(paramPieces.length, tagPieces.length, pointPieces.length, 1); at += 1) {
      const more = { params: paramPieces[at] ?? [], tags: tagPieces[at] ?? [], points: pointPieces[at] ?? [] };
      const body = { experimentId, ...rest, ...more };
      const made = await patiently(() =>
        this.project.client.call(trackingImportRoutes.loggedModel, { params: target, body }),
      );
      isNew ||= made.isNew;
      this.tellDiffering(modelId, made.differing);
    }
    const root = artifacts === null ? null : `${artifacts}/models/${modelId}/artifacts`;
    if (root !== null) await this.files({ kind: 'logged model', id: modelId }, root, isNew);
    this.counts.loggedModels += 1;
  }

  private async files(owner: Owner, root: string, isNew: boolean): Promise<void> {
    const there = isNew ? new Map<string, number>() : await this.project.fileSizes(root);
    for await (const file of this.source.files(owner)) {
      this.counts.files += 1;
      const what = `${owner.id} ${file.path}`;
      const size = there.get(file.path);
      if (!isPlainPath(file.path)) this.report.problem(what, words.fileName());
      else if (size === undefined) await this.file(what, `${root}/${file.path}`, file);
      else if (size !== file.sizeBytes) this.tellDiffering(what, ['size']);
    }
  }

  private async file(what: string, path: string, file: SourceFile): Promise<void> {
    try {
      await this.project.putFile(path, file.open);
      this.counts.newFiles += 1;
      this.counts.bytes += file.sizeBytes;
    } catch (error) {
      if (isEnd(error)) throw error;
      this.report.problem(what, words.fileFailed((error as Error).message));
    }
  }

  private async registeredModel(model: ImportedModel): Promise<void> {
    const tags = this.kept(model.name, model.tags);
    const all = model.versions.map((one) => ({ ...one, tags: this.kept(`${model.name} ${one.number}`, one.tags) }));
    const numbers = piecesOf(all, VERSIONS_AT_ONCE);
    for (const versions of numbers.length > 0 ? numbers : [[]]) {
      const here = new Set(versions.map(({ number }) => number));
      const aliases = model.aliases.filter(({ number }) => here.has(number));
      const body = { ...model, tags, versions, aliases };
      const made = await patiently(() => this.project.client.call(modelImportRoutes.model, { body }));
      this.tellDiffering(model.name, made.differing);
      for (const number of made.taken) this.report.problem(`${model.name} ${number}`, words.taken());
      for (const alias of made.aliasesLeftOut) this.report.problem(`${model.name}@${alias}`, words.aliasLeftOut());
      for (const number of made.stagesLeftOut) this.report.problem(`${model.name} ${number}`, words.stageLeftOut());
      for (const { number, files, source } of versions) {
        const isUnfounded = files === null && !isPrompt(tags) && made.added.includes(number);
        if (isUnfounded) this.report.problem(`${model.name} ${number}`, words.versionWithoutFiles(source));
      }
      this.counts.newVersions += made.added.length;
      this.counts.versions += versions.length;
    }
    this.counts.models += 1;
  }

  /** Of keys that Mallo does not take it is told. */
  private checked(what: string, pairs: Pair[]): Pair[] {
    return pairs.filter(({ key }) => {
      const isKey = key !== '' && key.length <= METRIC_KEY_CHARACTERS;
      if (!isKey) this.report.problem(`${what} ${key.slice(0, 50)}…`, words.brokenKey());
      return isKey;
    });
  }

  /** Of tags that no model or version has here it is told. */
  private kept(what: string, tags: Pair[]): Pair[] {
    return this.checked(what, tags).filter(({ key }) => {
      const isReserved = key === '__proto__';
      if (isReserved) this.report.problem(`${what} ${key}`, words.reservedTag());
      return !isReserved;
    });
  }

  private tellDiffering(what: string, differing: string[]): void {
    if (differing.length > 0) this.report.problem(what, words.differs(differing));
  }

  /** What is refused of one thing does not stop the others. */
  private async trying<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (isEnd(error)) throw error;
      const { message } = error as Error;
      const sentence = error instanceof ApiError ? error.messages : { en: message, ko: message };
      this.report.problem(what, words.refused(sentence));
      return null;
    }
  }
}

/** Whether nothing more can be done now. */
function isEnd(error: unknown): boolean {
  const isAway = error instanceof ApiError && (error.status === 401 || error.status >= 502);
  return error instanceof Refusal || error instanceof UnreachableError || isAway;
}

function pieces(pairs: Pair[]): Pair[][] {
  const all: Pair[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const pair of pairs) {
    if (size + pair.value.length > TEXT_AT_ONCE || (all.at(-1)?.length ?? 0) >= PAIRS_AT_ONCE) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(pair);
    size += pair.value.length;
  }
  return all;
}

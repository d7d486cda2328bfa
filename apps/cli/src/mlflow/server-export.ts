import type { ImportedModel, ImportedVersion } from '@mallo/contracts';
import { z } from 'zod';
import { concurrently } from './concurrently.js';
import type { Shown } from './figures.js';
import { escapedPath } from './paths.js';
import { piecesOf } from './pieces.js';
import { inExperiments, isPrompt } from './prompt.js';
import { type MlflowRest, RestError } from './rest.js';
import { API, ARTIFACTS, rootOf, type ServerSource, statusOf } from './server-source.js';
import type { Owner, Report, SourceExperiment, SourceFile, SourceLoggedModel, SourceRun } from './source.js';
import { asJson, RUN_STATUSES, RUN_WORDS } from './statuses.js';
import { words } from './words.js';

/** What a thing was called in Mallo: a server gives it another id. By this the next export knows it. */
const ID_TAG = 'mallo.id';
/** On what is there whole: what was known of the points of a run; of an experiment, that it was deleted there in the end. */
const WHOLE_TAG = 'mallo.exported';
/** Which versions were made of a logged model; the server says it by itself. */
const VERSIONS_TAG = 'mlflow.modelVersions';
const AT_ONCE = 4;
/** What MLflow takes at once. */
const POINTS_AT_ONCE = 1000;
const PAIRS_AT_ONCE = 100;

type Pair = { key: string; value: string };
/** Something there, and where its files are; null: out of reach. `isNew` where this export made it. */
type Place = { id: string; root: string | null; isNew: boolean; isPending?: boolean };
type ExperimentPlace = Place & { isClosed: boolean };

const Tags = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
const Experiment = z.object({
  experiment: z.object({
    experiment_id: z.string(),
    lifecycle_stage: z.string().default('active'),
    artifact_location: z.string().default(''),
    tags: Tags,
  }),
});
const RunInfo = z.object({ run_id: z.string(), artifact_uri: z.string().default('') });
const FoundRuns = z.object({
  runs: z.array(z.object({ info: RunInfo, data: z.object({ tags: Tags }).default({ tags: [] }) })).default([]),
  next_page_token: z.string().optional(),
});
const MadeRun = z.object({ run: z.object({ info: RunInfo }) });
const ModelInfo = z.object({
  model_id: z.string(),
  artifact_uri: z.string().default(''),
  tags: Tags,
  status: z.union([z.string(), z.number()]).default(1),
});
const FoundModels = z.object({
  models: z.array(z.object({ info: ModelInfo })).default([]),
  next_page_token: z.string().optional(),
});
const MadeModel = z.object({ model: z.object({ info: ModelInfo }) });
const MadeVersion = z.object({ model_version: z.object({ version: z.coerce.number() }) });

/**
 * Copies a project into an MLflow server. Ids and times are that server's own; each thing has a tag with the id that it has
 * in Mallo, by which it is found again, so that a repeat, or a start after a kill, adds what is not there.
 */
export class ServerExport {
  private readonly experiments = new Map<SourceExperiment, ExperimentPlace>();
  /** Where runs and logged models are, by their ids in Mallo. */
  private readonly runs = new Map<string, Place>();
  private readonly models = new Map<string, Place>();
  private readonly rest: MlflowRest;

  constructor(
    private readonly source: ServerSource,
    private readonly there: ServerSource,
    private readonly counts: Shown,
    private readonly report: Report,
  ) {
    this.rest = there.rest;
  }

  /** @throws Refusal when the server or Mallo is away; the next time goes on from there */
  async export(): Promise<void> {
    for await (const experiment of this.source.experiments()) {
      await this.trying(experiment.name, () => this.experiment(experiment));
    }
    // Runs first, for a logged model names one; then what runs say of logged models.
    for (const [experiment, place] of this.experiments) {
      if (place.isClosed) continue;
      await concurrently(this.source.runs(experiment), AT_ONCE, (run) =>
        this.trying(run.id, () => this.makeRun(run, place)),
      );
    }
    for (const [experiment, place] of this.experiments) {
      if (place.isClosed) continue;
      await concurrently(this.source.loggedModels(experiment), AT_ONCE, (model) =>
        this.trying(model.id, () => this.loggedModel(model, place)),
      );
    }
    for (const [experiment, place] of this.experiments) {
      if (place.isClosed) continue;
      await concurrently(this.source.runs(experiment), AT_ONCE, (run) => this.trying(run.id, () => this.fillRun(run)));
    }
    const idsThere = new Map([...this.experiments].map(([{ id }, place]) => [id, place.id]));
    for await (const model of this.source.registeredModels()) {
      const tags = inExperiments(model.tags, (id) => idsThere.get(id));
      await this.trying(model.name, () => this.registeredModel({ ...model, tags }));
    }
    for (const [experiment, place] of this.experiments) {
      if (experiment.lifecycleStage === 'active' || place.isClosed) continue;
      const { id: experiment_id } = place;
      await this.change('experiments/set-experiment-tag', { experiment_id, key: WHOLE_TAG, value: 'deleted' });
      await this.change('experiments/delete', { experiment_id });
    }
  }

  private async experiment(said: SourceExperiment): Promise<void> {
    const found = await this.rest
      .get(`${API}/experiments/get-by-name`, { experiment_name: said.name }, Experiment)
      .catch(nullWhereNone);
    const tags = ownTags(said.tags);
    if (!found) await this.rest.create(`${API}/experiments/create`, { name: said.name, tags }, z.unknown());
    const { experiment } =
      found ?? (await this.rest.get(`${API}/experiments/get-by-name`, { experiment_name: said.name }, Experiment));
    const id = experiment.experiment_id;
    // To restore it would restore all of its runs too.
    const isClosed = experiment.lifecycle_stage === 'deleted';
    if (isClosed && !experiment.tags.some(({ key }) => key === WHOLE_TAG)) {
      this.report.problem(said.name, words.takenThere());
    }
    for (const { key, value } of found && !isClosed ? missing(tags, experiment.tags) : []) {
      await this.change('experiments/set-experiment-tag', { experiment_id: id, key, value });
    }
    const root = rootOf(experiment.artifact_location);
    if (root === null) this.report.problem(said.name, words.otherServerLocation(experiment.artifact_location));
    this.experiments.set(said, { id, root, isNew: !found, isClosed });
    if (found) await this.findRuns(id);
    if (found && !isClosed) await this.findModels(id);
    this.counts.experiments += 1;
  }

  private async findRuns(experimentId: string): Promise<void> {
    const search = {
      experiment_ids: [experimentId],
      filter: `tags.\`${ID_TAG}\` LIKE '%'`,
      run_view_type: 'ALL',
      max_results: 1000,
    };
    for (let page_token: string | undefined; ; ) {
      const found = await this.rest.post(`${API}/runs/search`, { ...search, page_token }, FoundRuns);
      for (const { info, data } of found.runs) {
        const place = { id: info.run_id, root: rootOf(info.artifact_uri), isNew: false };
        this.runs.set(tagOf(data.tags, ID_TAG), place);
      }
      page_token = found.next_page_token;
      if (!page_token) return;
    }
  }

  private async findModels(experimentId: string): Promise<void> {
    for (let page_token: string | undefined; ; ) {
      const search = { experiment_ids: [experimentId], max_results: 50, page_token };
      const found = await this.rest.post(`${API}/logged-models/search`, search, FoundModels);
      for (const { info } of found.models) {
        const isPending = statusOf(info.status) === 'PENDING';
        const place = { id: info.model_id, root: rootOf(info.artifact_uri), isNew: false, isPending };
        this.models.set(tagOf(info.tags, ID_TAG), place);
      }
      page_token = found.next_page_token;
      if (!page_token) return;
    }
  }

  private async makeRun(said: SourceRun, experiment: ExperimentPlace): Promise<void> {
    if (this.runs.has(said.id)) return;
    const body = {
      experiment_id: experiment.id,
      run_name: said.name,
      user_id: said.user,
      start_time: said.startedMs ?? 0,
      tags: [{ key: ID_TAG, value: said.id }],
    };
    const { info } = (await this.rest.create(`${API}/runs/create`, body, MadeRun)).run;
    this.runs.set(said.id, { id: info.run_id, root: rootOf(info.artifact_uri), isNew: true });
  }

  private async loggedModel(said: SourceLoggedModel, experiment: ExperimentPlace): Promise<void> {
    const place =
      this.models.get(said.id) ??
      (await this.makeModel(said.id, experiment.id, {
        name: said.name || undefined,
        model_type: said.modelType || undefined,
        source_run_id: this.runs.get(said.sourceRunId)?.id,
        params: said.params.slice(0, PAIRS_AT_ONCE),
        tags: said.tags.filter(({ key }) => key !== VERSIONS_TAG),
      }));
    const params = said.params.slice(PAIRS_AT_ONCE);
    for (const piece of place.isNew ? piecesOf(params, PAIRS_AT_ONCE) : []) {
      await this.change(`logged-models/${place.id}/params`, { model_id: place.id, params: piece });
    }
    const isWhole = !place.isNew && said.points.length === (await this.modelPoints(place.id));
    for (const [runId, points] of isWhole ? [] : Map.groupBy(said.points, (point) => point.runId)) {
      const run = this.runs.get(runId);
      const metrics = points.map(({ key, value, timeMs, step, datasetName, datasetDigest }) => ({
        ...{ key, value, timestamp: timeMs, step, model_id: place.id },
        ...(datasetName ? { dataset_name: datasetName, dataset_digest: datasetDigest } : {}),
      }));
      for (const piece of run ? piecesOf(metrics, POINTS_AT_ONCE) : []) {
        await this.change('runs/log-batch', { run_id: run?.id, metrics: piece });
      }
    }
    await this.files({ kind: 'logged model', id: said.id }, place);
    if (said.status !== 'PENDING') await this.finalize(place, said.status);
    this.counts.loggedModels += 1;
  }

  private async modelPoints(modelId: string): Promise<number> {
    const shape = z.object({
      model: z.object({ data: z.object({ metrics: z.array(z.unknown()).default([]) }).default({ metrics: [] }) }),
    });
    return (await this.rest.get(`${API}/logged-models/${modelId}`, {}, shape)).model.data.metrics.length;
  }

  private async makeModel(
    id: string,
    experimentId: string,
    more: { tags: Pair[]; [field: string]: unknown },
  ): Promise<Place> {
    const body = { experiment_id: experimentId, ...more, tags: withId(id, more.tags) };
    const { info } = (await this.rest.create(`${API}/logged-models`, body, MadeModel)).model;
    const place = { id: info.model_id, root: rootOf(info.artifact_uri), isNew: true };
    this.models.set(id, place);
    return place;
  }

  /** Says that a logged model is whole, unless an earlier export did. */
  private async finalize({ id, isNew, isPending }: Place, status: string): Promise<void> {
    if (!isNew && !isPending) return;
    const body = { model_id: id, status: `LOGGED_MODEL_${status}` };
    await this.rest.change('PATCH', `${API}/logged-models/${id}`, body);
  }

  /** All but the run itself, which is there; what is there of it already stays. */
  private async fillRun(said: SourceRun): Promise<void> {
    const place = this.runs.get(said.id);
    if (!place) return;
    const theirs = await this.there.run(place.id);
    const run_id = place.id;
    const mark = this.source.pointsMark(said) ?? '';
    const isWhole = mark !== '' && tagOf(theirs.tags, WHOLE_TAG) === mark;
    let isDeleted = theirs.lifecycleStage === 'deleted';
    const log = async (path: string, body: object) => {
      if (isDeleted) await this.change('runs/restore', { run_id });
      isDeleted = false;
      await this.change(path, { run_id, ...body });
    };
    for (const params of piecesOf(missing(said.params, theirs.params), PAIRS_AT_ONCE)) {
      await log('runs/log-batch', { params });
    }
    for (const tags of piecesOf(missing(ownTags(said.tags), theirs.tags), PAIRS_AT_ONCE))
      await log('runs/log-batch', { tags });
    await this.links(said, theirs, log);
    if (!isWhole) await this.points(said, theirs, log);
    await this.files({ kind: 'run', id: said.id }, place);
    const isEnded = theirs.status !== said.status || theirs.endedMs !== said.endedMs;
    const status = RUN_WORDS[RUN_STATUSES.indexOf(said.status)];
    if (isEnded) await log('runs/update', { status, end_time: said.endedMs ?? undefined, run_name: said.name });
    if (!isWhole && mark !== '') await log('runs/set-tag', { key: WHOLE_TAG, value: mark });
    if (said.lifecycleStage === 'deleted' && !isDeleted) await this.change('runs/delete', { run_id });
    this.counts.runs += 1;
  }

  private async links(
    said: SourceRun,
    theirs: SourceRun,
    log: (path: string, body: object) => Promise<void>,
  ): Promise<void> {
    const known = new Set(theirs.datasets.map(({ dataset }) => `${dataset.name} ${dataset.digest}`));
    const datasets = said.datasets
      .filter(({ dataset }) => !known.has(`${dataset.name} ${dataset.digest}`))
      .map(({ dataset: { sourceType, schema, profile, ...rest }, tags }) => ({
        dataset: { ...rest, source_type: sourceType, schema: schema ?? undefined, profile: profile ?? undefined },
        tags,
      }));
    const idThere = (id: string) => this.models.get(id)?.id ?? '';
    const inputs = said.inputModels.map(idThere).filter((id) => id !== '' && !theirs.inputModels.includes(id));
    if (datasets.length + inputs.length > 0) {
      await log('runs/log-inputs', { datasets, models: inputs.map((model_id) => ({ model_id })) });
    }
    const models = said.outputModels
      .map(({ modelId, step }) => ({ model_id: idThere(modelId), step }))
      .filter(({ model_id }) => model_id !== '' && !theirs.outputModels.some(({ modelId }) => modelId === model_id));
    if (models.length > 0) await log('runs/outputs', { models });
  }

  private async points(
    said: SourceRun,
    theirs: SourceRun,
    log: (path: string, body: object) => Promise<void>,
  ): Promise<void> {
    const known = new Set<string>();
    const name = (key: string, { step, timeMs, value }: { step: number; timeMs: number; value: number }) =>
      // MLflow's database keeps the largest number there is for an infinity.
      `${step} ${timeMs} ${Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)} ${key}`;
    for await (const point of this.there.points(theirs)) known.add(name(point.key, point));
    let metrics: object[] = [];
    const send = async () => {
      if (metrics.length > 0) await log('runs/log-batch', { metrics });
      metrics = [];
    };
    for await (const point of this.source.points(said)) {
      const { key, step, timeMs, value } = point;
      if (known.has(name(key, point))) continue;
      metrics.push({ key, step, timestamp: timeMs, value: asJson(value) });
      this.counts.points += 1;
      if (metrics.length >= POINTS_AT_ONCE) await send();
    }
    await send();
  }

  private async files(owner: Owner, place: Place): Promise<void> {
    if (place.root !== null) await this.putAll(this.source.files(owner), owner.id, place.root, place.isNew);
  }

  /** @returns how many files there are */
  private async putAll(files: AsyncIterable<SourceFile>, what: string, root: string, isNew: boolean): Promise<number> {
    const known = new Map<string, number>();
    if (!isNew) for await (const { path, sizeBytes } of this.there.filesAt(root)) known.set(path, sizeBytes);
    let count = 0;
    for await (const { path, sizeBytes, open } of files) {
      count += 1;
      // One that was cut off is shorter.
      if (known.get(path) === sizeBytes) continue;
      await this.trying(`${what} ${path}`, () => this.rest.put(`${ARTIFACTS}/${escapedPath(`${root}/${path}`)}`, open));
      this.counts.files += 1;
      this.counts.bytes += sizeBytes;
    }
    return count;
  }

  private async registeredModel(said: ImportedModel): Promise<void> {
    const { name } = said;
    const known = await this.there.registeredModel(name).catch(nullWhereNone);
    if (!known) {
      const { description, tags } = said;
      await this.rest.create(`${API}/registered-models/create`, { name, description, tags }, z.unknown());
    }
    for (const tag of known ? missing(said.tags, known.tags) : []) {
      await this.change('registered-models/set-tag', { name, ...tag });
    }
    const numbers = new Set<number>();
    for (const { number, tags } of known?.versions ?? []) {
      const id = tagOf(tags, ID_TAG);
      if (id === versionId(name, number)) numbers.add(number);
      // One that was made to come to a later number, of an export that was killed.
      else if (id.startsWith('models:/')) await this.removeVersion(name, number);
      else if (said.versions.some((version) => version.number === number)) {
        this.report.problem(`${name} ${number}`, words.takenThere());
      }
    }
    const highest = Math.max(0, ...(known?.versions ?? []).map(({ number }) => number));
    for (const version of said.versions) {
      if (!numbers.has(version.number) && version.number > highest && (await this.version(name, version))) {
        numbers.add(version.number);
      }
    }
    await this.labels(said, known, numbers);
    this.counts.models += 1;
    this.counts.versions += said.versions.length;
  }

  /** Makes a version; those before it that are no more are made and deleted, as the server counts by itself. */
  private async version(name: string, said: ImportedVersion): Promise<boolean> {
    // A prompt has no files, and its source names no place.
    const { source, runId, modelId } = isPrompt(said.tags)
      ? { source: said.source, runId: undefined, modelId: undefined }
      : await this.sourceOf(name, said);
    const body = {
      ...{ name, source, description: said.description, run_link: said.runLink || undefined },
      ...{ run_id: runId, model_id: modelId, tags: withId(versionId(name, said.number), said.tags) },
    };
    for (;;) {
      const made = await this.rest.create(`${API}/model-versions/create`, body, MadeVersion);
      const number = made.model_version.version;
      if (number === said.number) return true;
      await this.removeVersion(name, number);
      if (number > said.number) {
        this.report.problem(`${name} ${said.number}`, words.takenThere());
        return false;
      }
    }
  }

  private removeVersion(name: string, number: number): Promise<void> {
    return this.rest.change('DELETE', `${API}/model-versions/delete`, { name, version: String(number) });
  }

  /** Where the files of a version are there: those of its run or logged model, or of a logged model made for it. */
  private async sourceOf(
    name: string,
    said: ImportedVersion,
  ): Promise<{ source: string; runId?: string | undefined; modelId?: string | undefined }> {
    const runId = this.runs.get(said.runId)?.id;
    const { of, id, path } = said.files ?? { of: 'run', id: '', path: '' };
    const place = (of === 'run' ? this.runs : this.models).get(id);
    if (place && of === 'logged model') return { source: `models:/${place.id}`, modelId: place.id, runId };
    if (place?.root && (await this.hasFiles(`${place.root}${path ? `/${path}` : ''}`))) {
      const source = `mlflow-artifacts:/${place.root}${path ? `/${path}` : ''}`;
      return { source, runId: place.id };
    }
    const wanted = versionId(name, said.number);
    const own = this.models.get(wanted) ?? (await this.ownModel(name, said, wanted, runId));
    const isNew = own.isNew;
    const files =
      own.root === null ? 0 : await this.putAll(this.source.versionFiles(name, said.number), wanted, own.root, isNew);
    await this.finalize(own, 'READY');
    if (files === 0) this.report.problem(`${name} ${said.number}`, words.versionWithoutFiles(said.source));
    return { source: `models:/${own.id}`, modelId: own.id, runId };
  }

  private ownModel(name: string, said: ImportedVersion, id: string, runId: string | undefined): Promise<Place> {
    const [first] = [...this.experiments.values()].filter(({ isClosed }) => !isClosed);
    // A logged model has no name with what parts a path or an address.
    const more = { name: name.replace(/[/:.%"']/g, '_'), source_run_id: runId, tags: said.tags };
    return this.makeModel(id, first?.id ?? '0', more);
  }

  private async hasFiles(root: string): Promise<boolean> {
    for await (const _ of this.there.filesAt(root)) return true;
    return false;
  }

  private async labels(said: ImportedModel, known: ImportedModel | null, numbers: Set<number>): Promise<void> {
    const { name } = said;
    for (const { number, stage } of said.versions) {
      const isStaged = known?.versions.find((version) => version.number === number)?.stage;
      if (!stage || !numbers.has(number) || isStaged) continue;
      const body = { name, version: String(number), stage, archive_existing_versions: false };
      await this.change('model-versions/transition-stage', body);
    }
    const there = new Map(known?.aliases.map((alias) => [alias.name, alias.number]));
    for (const { name: alias, number } of said.aliases) {
      if (!numbers.has(number) || there.get(alias) === number) continue;
      if (there.has(alias)) this.report.problem(`${name}@${alias}`, words.takenThere());
      else await this.change('registered-models/alias', { name, alias, version: String(number) });
    }
  }

  private change(path: string, body: object): Promise<void> {
    return this.rest.change('POST', `${API}/${path}`, body);
  }

  /** What is refused of one thing does not stop the others. */
  private async trying(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.report.problem(what, words.refused({ en: error.message, ko: error.message }));
    }
  }
}

function versionId(name: string, number: number): string {
  return `models:/${name}/${number}`;
}

function withId(id: string, tags: Pair[]): Pair[] {
  return [...ownTags(tags), { key: ID_TAG, value: id }];
}

/** Without those of an earlier export, which came back by an import. */
function ownTags(tags: Pair[]): Pair[] {
  return tags.filter(({ key }) => key !== ID_TAG && key !== WHOLE_TAG);
}

function tagOf(tags: Pair[], wanted: string): string {
  return tags.find(({ key }) => key === wanted)?.value ?? '';
}

/** Those whose key is not there. */
function missing(wanted: Pair[], there: Pair[]): Pair[] {
  const keys = new Set(there.map(({ key }) => key));
  return wanted.filter(({ key }) => !keys.has(key));
}

function nullWhereNone(error: unknown): null {
  if (error instanceof RestError && error.status === 404) return null;
  throw error;
}

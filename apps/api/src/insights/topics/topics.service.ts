import {
  type Command,
  ENDED_STATUSES,
  ExplainArguments,
  type ExplainTopic,
  type Run,
  type RunSummary,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ZooService } from '../../zoo/zoo.service.js';
import { allVersions, EvidenceService, type ProjectEvidence, type TrainingEvidence } from '../evidence.service.js';
import type { Both } from '../wording/sentence.js';
import { bestModel } from './best-model.js';
import { bestRun, fastestRun } from './best-run.js';
import { compare, contenderOfRun, contenderOfVersion } from './comparison.js';
import { explainWord, unknownWord } from './concept.js';
import { durationOf } from './duration.js';
import { modelMissing, noRuns, nothingFailed, notTwo, runMissing } from './missing.js';
import { overview } from './overview.js';
import { findRun, findVersion } from './references.js';
import { runSetting, runSettings } from './run-settings.js';
import { outlineOf, stateOf } from './run-words.js';
import { weakClasses } from './weak-classes.js';
import { whatNext } from './what-next.js';
import { whyFailed } from './why-failed.js';
import { whyNotImproving } from './why-not-improving.js';
import { compareZoo } from './zoo-comparison.js';

const BACKGROUND_RUNS = 30;
const MOST_COMPARED = 6;
const MOST_ACTIVE = 3;

const CompareArguments = z.object({
  runs: z.array(z.string()).catch([]),
  models: z.array(z.string()).catch([]),
});
type TrainingTopic = Exclude<ExplainTopic, 'concept' | 'best_run' | 'best_model'>;

const Version = z.object({ version: z.string().optional().catch(undefined) });

/** What is to be said, and what else a language model may be told. */
export type Found = { says: Both[]; background: Both[]; runs?: RunSummary[] };
type Told = { says: Both[]; runs?: RunSummary[]; about?: Run; more?: Both[] };

/** Finds out what a question asks about, from the records of one project. */
@Injectable()
export class TopicsService {
  constructor(
    private readonly evidence: EvidenceService,
    private readonly zoo: ZooService,
  ) {}

  /** @throws MalloError project.not_found, also when it is someone else's */
  async find(userId: string, projectId: string, command: Command, question: string): Promise<Found> {
    const project = await this.evidence.project(userId, projectId);
    const told = await this.tell(userId, project, command, question);
    const outlines = project.runs.slice(0, BACKGROUND_RUNS).map(outlineOf);
    const background = [...(told.more ?? []), ...(told.about ? runSettings(told.about) : []), ...outlines];
    return { says: told.says, background, ...(told.runs ? { runs: told.runs } : {}) };
  }

  private tell(userId: string, project: ProjectEvidence, command: Command, question: string): Promise<Told> {
    if (command.kind === 'compare') return this.compare(userId, project, CompareArguments.parse(command));
    const asked = { ...ExplainArguments.catch({}).parse(command), ...Version.catch({}).parse(command) };
    if (command.kind === 'status') return this.status(userId, project, asked.run);
    return this.explain(userId, project, asked, question);
  }

  private async explain(
    userId: string,
    project: ProjectEvidence,
    asked: ExplainArguments & { version?: string | undefined },
    question: string,
  ): Promise<Told> {
    const { runs } = project;
    if (asked.topic === 'concept' || (!asked.topic && asked.concept)) {
      const latest = runs[0] ? await this.evidence.run(userId, runs[0].id) : null;
      return { says: explainWord(asked.concept ?? question, latest) ?? explainWord(question, latest) ?? unknownWord() };
    }
    const criterion = asked.criterion ?? 'accuracy';
    if (asked.topic === 'best_run' && criterion === 'accuracy') return bestRun(runs);
    if (asked.topic === 'best_run' && criterion === 'speed') return fastestRun(runs);
    // A run has no size of its own; the model that it left has.
    if (asked.topic === 'best_model' || asked.topic === 'best_run') {
      const versions = await this.evidence.versions(userId, allVersions(project));
      return { says: bestModel(versions, criterion) };
    }
    const meant = this.runMeant(project, asked);
    if (!('id' in meant)) return meant;
    const training = await this.evidence.training(userId, project, meant.id);
    const one = asked.topic === 'run_settings' && asked.concept ? runSetting(training.run, asked.concept) : null;
    if (one) return { about: training.run, says: [one] };
    if (asked.topic) return { about: training.run, ...this.ofTraining(training, asked.topic, runs) };
    // What fits no topic may be about anything; a language model can find it here.
    const versions = await this.evidence.versions(userId, allVersions(project));
    const more = [...whyNotImproving(training), ...weakClasses(training.run), ...bestModel(versions, 'edge')];
    return { about: training.run, more, ...overview(training, runs) };
  }

  private ofTraining(training: TrainingEvidence, topic: TrainingTopic, runs: RunSummary[]): Told {
    switch (topic) {
      case 'why_not_improving':
        return { says: whyNotImproving(training) };
      case 'why_failed':
        return { says: whyFailed(training) };
      case 'weak_classes':
        return { says: weakClasses(training.run) };
      case 'run_settings':
        return { says: runSettings(training.run) };
      case 'duration':
        return { says: durationOf(training, Date.now()) };
      case 'what_next':
        return { says: whatNext(training, runs) };
    }
  }

  /** The run that a question is about: the one named, that of the model named, or the latest that has an answer. */
  private runMeant(
    project: ProjectEvidence,
    { run: wanted, model, version, topic }: ExplainArguments & { version?: string | undefined },
  ): RunSummary | Told {
    const { runs, models } = project;
    if (wanted) return findRun(wanted, runs) ?? { says: [runMissing(runs)], runs: runs.slice(0, MOST_COMPARED) };
    if (model) {
      const found = findVersion(model, project, version);
      if (!found) return { says: [modelMissing(models)] };
      return runs.find(({ id }) => id === found.version.runId) ?? { says: [runMissing(runs)] };
    }
    const [latest] = runs;
    if (!latest) return { says: [noRuns] };
    if (topic === 'why_failed') {
      return runs.find(({ status }) => status === 'failed') ?? { says: [nothingFailed, outlineOf(latest)] };
    }
    if (topic === 'weak_classes') return runs.find(({ status }) => status === 'completed') ?? latest;
    if (topic === 'why_not_improving') return runs.find(({ status }) => status !== 'queued') ?? latest;
    return latest;
  }

  private async compare(
    userId: string,
    project: ProjectEvidence,
    wanted: z.infer<typeof CompareArguments>,
  ): Promise<Told> {
    const { runs, models } = project;
    const zoo = wanted.models.flatMap((name) => (findVersion(name, project) ? [] : (this.zoo.find(name) ?? [])));
    if (zoo.length > 1) return { says: compareZoo(zoo.slice(0, MOST_COMPARED), runs) };
    // One model alone is compared with its version before.
    const only = wanted.models.length === 1 ? findVersion(wanted.models[0] ?? '', project)?.model : undefined;
    const named = wanted.models.flatMap((name) => findVersion(name, project) ?? []);
    const versions = only ? only.versions.slice(0, 2).map((version) => ({ model: only, version })) : named;
    const chosen = wanted.runs.flatMap((name) => findRun(name, runs) ?? []).slice(0, MOST_COMPARED);
    const full = await Promise.all(chosen.map(({ id }) => this.evidence.run(userId, id)));
    const contenders = [
      ...full.map(contenderOfRun),
      ...(await this.evidence.versions(userId, versions.slice(0, MOST_COMPARED))).map(contenderOfVersion),
    ];
    const missing: Both[] = [
      ...(chosen.length < Math.min(wanted.runs.length, MOST_COMPARED) ? [runMissing(runs)] : []),
      ...(named.length < wanted.models.length ? [modelMissing(models)] : []),
    ];
    if (contenders.length < 2) return { says: missing.length > 0 ? missing : [runs.length > 0 ? notTwo : noRuns] };
    return { says: [...missing, ...compare(contenders)], runs: chosen };
  }

  /** How far the trainings under way are; of none, how the last one went. */
  private async status(userId: string, project: ProjectEvidence, wanted: string | undefined): Promise<Told> {
    const { runs } = project;
    if (wanted && !findRun(wanted, runs)) return { says: [runMissing(runs)] };
    const named = wanted ? findRun(wanted, runs) : undefined;
    const active = runs.filter(({ status }) => !ENDED_STATUSES.includes(status)).slice(0, MOST_ACTIVE);
    const meant = named ? [named] : active.length > 0 ? active : runs.slice(0, 1);
    if (meant.length === 0) return { says: [noRuns] };
    const trainings = await Promise.all(meant.map(({ id }) => this.evidence.training(userId, project, id)));
    const says = trainings.flatMap((training) =>
      stateOf(training) ? durationOf(training, Date.now()) : [outlineOf(training.run)],
    );
    return { says, runs: meant };
  }
}

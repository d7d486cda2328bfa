import { text } from 'node:stream/consumers';
import {
  type Artifact,
  ENDED_STATUSES,
  MalloError,
  type Problem,
  type Run,
  type RunNotice,
  type RunSummary,
  type StepName,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { MessagesService } from '../conversations/messages.service.js';
import { type Blob, ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { endMessage } from './end-message.js';
import { LivePublisher } from './live.publisher.js';
import { type NewRun, type RunLeft, type RunRecord, RunsRepository } from './runs.repository.js';
import { TrainingRecords } from './training-records.js';

/** Runs: their record, their files, and telling whoever watches that something changed. */
@Injectable()
export class RunsService {
  constructor(
    private readonly runs: RunsRepository,
    private readonly projects: ProjectsService,
    private readonly objects: ObjectStore,
    private readonly live: LivePublisher,
    private readonly records: TrainingRecords,
    private readonly messages: MessagesService,
  ) {}

  /** @throws MalloError project.not_found */
  async list(userId: string, projectId: string, limit: number): Promise<RunSummary[]> {
    await this.projects.get(userId, projectId);
    return this.runs.list(projectId, limit);
  }

  /** As `list`, with what each run trains. @throws MalloError project.not_found */
  async listWithConfigs(userId: string, projectId: string, limit: number) {
    await this.projects.get(userId, projectId);
    return this.runs.listWithConfigs(projectId, limit);
  }

  /** @throws MalloError run.not_found, also when it is someone else's */
  async get(userId: string, runId: string): Promise<Run> {
    const { run, ownerId } = await this.record(runId);
    if (ownerId !== userId) throw new MalloError('run.not_found');
    return run;
  }

  /** A run for the workflow, which acts for nobody. @throws MalloError run.not_found */
  async record(runId: string): Promise<RunRecord> {
    const record = await this.runs.get(runId);
    if (!record) throw new MalloError('run.not_found');
    return record;
  }

  /** Makes sure that telemetry takes what the run will report. @throws Error when telemetry does not answer */
  openLive(runId: string): Promise<void> {
    return this.records.tell(runId);
  }

  /** The run of a config: made once, however often it is asked for. */
  async create(run: NewRun): Promise<string> {
    const { id, created } = await this.runs.create(run);
    if (created) {
      // Early, so that the page finds its room; the workflow makes sure of it.
      await this.records.tell(id).catch(() => this.records.changed(id));
    }
    return id;
  }

  /** @throws MalloError run.not_found, run.finished */
  async cancel(userId: string, runId: string): Promise<Run> {
    await this.get(userId, runId);
    if (!(await this.runs.requestCancel(runId))) throw new MalloError('run.finished');
    await this.tellEnd(runId);
    await this.announce(runId);
    return this.get(userId, runId);
  }

  unfinished(): Promise<string[]> {
    return this.runs.unfinished();
  }

  mayGoOn(runId: string): Promise<boolean> {
    return this.runs.mayGoOn(runId);
  }

  async begin(runId: string): Promise<boolean> {
    const goesOn = await this.runs.begin(runId);
    await this.announce(runId);
    return goesOn;
  }

  /** Ends the run and says so in its conversation; again changes nothing. */
  async end(runId: string, status: 'completed' | 'failed' | 'cancelled', problem: Problem | null): Promise<void> {
    await this.runs.end(runId, status, problem);
    await this.tellEnd(runId);
    await this.announce(runId);
  }

  async stepBegins(runId: string, name: StepName): Promise<number> {
    const attempt = await this.runs.stepBegins(runId, name);
    await this.announce(runId);
    return attempt;
  }

  async stepEnds(runId: string, name: StepName, status: 'completed' | 'failed' | 'cancelled'): Promise<void> {
    await this.runs.stepEnds(runId, name, status);
    await this.announce(runId);
  }

  async note(runId: string, key: string, notice: Omit<RunNotice, 'at'>): Promise<void> {
    if (await this.runs.note(runId, key, notice)) await this.announce(runId);
  }

  setResult(runId: string, result: NonNullable<Run['result']>, valAccuracy: number): Promise<void> {
    return this.runs.setResult(runId, result, valAccuracy);
  }

  /** The text of a file of the run. @throws MalloError model.artifact_missing */
  async readArtifact(runId: string, name: string): Promise<string> {
    const artifact = (await this.runs.artifacts(runId)).find((kept) => kept.name === name);
    const blob = artifact && (await this.objects.open(artifact.sha256));
    if (!blob) throw new MalloError('model.artifact_missing', { path: name });
    return text(blob.stream);
  }

  /** What a run of this project has left. @throws MalloError run.not_found, also when it is of another project */
  async left(userId: string, projectId: string, runId: string): Promise<RunLeft> {
    const left = await this.runs.left(userId, projectId, runId);
    if (!left) throw new MalloError('run.not_found');
    return left;
  }

  artifacts(runId: string): Promise<Artifact[]> {
    return this.runs.artifacts(runId);
  }

  /**
   * Keeps a file of a run; the bytes that its name stood for before are freed.
   * @throws MalloError run.not_found, request.invalid when the bytes are not of that SHA-256
   */
  async putArtifact(runId: string, name: string, sha256: string, bytes: NodeJS.ReadableStream): Promise<number> {
    await this.record(runId);
    const { sizeBytes } = await this.objects.put(bytes, { sha256 });
    const replaced = await this.runs.putArtifact(runId, { name, sha256, sizeBytes });
    if (replaced) await this.objects.remove(replaced);
    return sizeBytes;
  }

  /** Every file that the project's trainings left. */
  allFiles(projectId: string): Promise<Blob[]> {
    return this.runs.allFiles(projectId);
  }

  idsOf(projectId: string): Promise<string[]> {
    return this.runs.idsOf(projectId);
  }

  /** Lets go of the files of trainings of the project that ended. @returns what they were, to be freed */
  letGoOfFiles(projectId: string, runIds: string[]): Promise<Blob[]> {
    return this.runs.letGoOfFiles(projectId, runIds);
  }

  /** Those of the runs that are of the project and have ended. */
  endedAmong(projectId: string, runIds: string[]): Promise<string[]> {
    return this.runs.endedAmong(projectId, runIds);
  }

  private async tellEnd(runId: string): Promise<void> {
    const { run, locale } = await this.record(runId);
    if (!run.conversationId || !ENDED_STATUSES.includes(run.status)) return;
    await this.messages.append(run.conversationId, `run ${runId} end`, endMessage(run, locale));
  }

  /** Lets whoever watches the run know that its record is to be fetched again. */
  async announce(runId: string): Promise<void> {
    const record = await this.runs.get(runId);
    if (!record) return;
    this.records.changed(runId);
    this.live.changed(runId, record.run.status);
  }
}

import { newId } from '@mallo/backend';
import {
  type Artifact,
  ENDED_STATUSES,
  Locale,
  MalloError,
  type Problem,
  Problem as ProblemSchema,
  type Run,
  type RunNotice,
  RunNotice as RunNoticeSchema,
  RunResult,
  RunStatus,
  type RunSummary,
  StepName,
  TrainingConfig,
  Transcript,
  type WorkflowStep,
  WorkflowStep as WorkflowStepSchema,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { type Answer, inOrder, joined } from '../database/joined.js';
import { Prisma, type Run as Row, type RunStep as StepRow } from '../generated/prisma/client.js';
import type { Blob } from '../objects/object-store.js';

const WITH_ALL = {
  steps: true,
  notices: { orderBy: { at: 'asc' } },
  modelVersion: { include: { model: true } },
} as const satisfies Prisma.RunInclude;

type FullRow = Prisma.RunGetPayload<{ include: typeof WITH_ALL }>;

/** All that a version of a model can be made of. */
export type RunLeft = {
  runId: string;
  name: string;
  config: TrainingConfig;
  configHash: string;
  result: RunResult | null;
  transcript: Transcript | null;
  datasetVersionSha256: string;
  artifacts: Artifact[];
};

export type NewRun = {
  projectId: string;
  conversationId: string | null;
  configId: string;
  config: TrainingConfig;
  configHash: string;
  locale: Locale;
  transcript: Transcript;
};

/** A run, with what the workflow needs to know of who started it. */
export type RunRecord = { run: Run; ownerId: string; locale: Locale; transcript: Transcript | null };

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

function toSummary(row: Row): RunSummary {
  const config = TrainingConfig.parse(row.config);
  return {
    id: row.id,
    name: row.name,
    projectId: row.projectId,
    conversationId: row.conversationId,
    configId: row.configId,
    status: RunStatus.parse(row.status),
    modelName: config.model.name,
    datasetName: config.dataset.name,
    valAccuracy: row.valAccuracy,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
  };
}

function toStep(row: StepRow): WorkflowStep {
  return WorkflowStepSchema.parse({
    name: row.name,
    status: row.status,
    attempt: row.attempt,
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
  });
}

function toRun(row: FullRow): Run {
  const order = StepName.options;
  const version = row.modelVersion;
  return {
    ...toSummary(row),
    config: TrainingConfig.parse(row.config),
    configHash: row.configHash,
    steps: row.steps.map(toStep).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    notices: row.notices.map((notice) =>
      RunNoticeSchema.parse({ code: notice.code, message: notice.message, at: notice.at.toISOString() }),
    ),
    problem: row.problem === null ? null : ProblemSchema.parse(row.problem),
    result: row.result === null ? null : RunResult.parse(row.result),
    model: version && {
      modelId: version.modelId,
      name: version.model.name,
      version: `${version.major}.${version.minor}.${version.patch}`,
    },
  };
}

/** Runs with their steps, notices and files. */
@Injectable()
export class RunsRepository {
  private readonly leftBy = joined((wanted: { ownerId: string; projectId: string; runId: string }[]) =>
    this.leftByAll(wanted),
  );

  constructor(private readonly database: Database) {}

  async list(projectId: string, limit: number): Promise<RunSummary[]> {
    return (await this.newest(projectId, limit)).map(toSummary);
  }

  /** How many runs there are of each status. */
  async countByStatus(): Promise<Map<string, number>> {
    const groups = await this.database.run.groupBy({ by: ['status'], _count: true });
    return new Map(groups.map(({ status, _count }) => [status, _count]));
  }

  /** As `list`, with what each run trains. */
  async listWithConfigs(projectId: string, limit: number): Promise<(RunSummary & { config: TrainingConfig })[]> {
    const rows = await this.newest(projectId, limit);
    return rows.map((row) => ({ ...toSummary(row), config: TrainingConfig.parse(row.config) }));
  }

  async get(id: string): Promise<RunRecord | null> {
    const include = { ...WITH_ALL, project: true };
    const row = await this.database.run.findUnique({ where: { id }, include });
    if (!row) return null;
    return {
      run: toRun(row),
      ownerId: row.project.ownerId,
      locale: Locale.catch('en').parse(row.locale),
      transcript: row.transcript === null ? null : Transcript.parse(row.transcript),
    };
  }

  /**
   * The run of a config, made with its pending steps unless it was made before.
   * @throws MalloError request.conflict when the config has changed since
   */
  async create(run: NewRun): Promise<{ id: string; created: boolean }> {
    return this.database.$transaction(async (tables) => {
      // Two starts at once: the second waits here, and finds the first one's run.
      const [card] = await tables.$queryRaw<{ hash: string }[]>`
        SELECT hash FROM mallo.training_configs WHERE id = ${run.configId} FOR UPDATE`;
      const there = await tables.run.findUnique({ where: { configId: run.configId }, select: { id: true } });
      if (there) return { id: there.id, created: false };
      // Changed by hand since it was read.
      if (card?.hash !== run.configHash) throw new MalloError('request.conflict');
      const id = newId('run');
      await tables.run.create({
        data: {
          ...run,
          id,
          name: await nameFor(tables, run),
          datasetVersionId: run.config.dataset.versionId,
          status: 'queued',
          steps: { create: StepName.options.map((name) => ({ name, status: 'pending' })) },
        },
      });
      return { id, created: true };
    });
  }

  /** Runs that have not ended, the oldest first. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.run.findMany({
      where: { status: { notIn: [...ENDED_STATUSES] } },
      select: { id: true },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map((row) => row.id);
  }

  /** Whether the run may go on: it was not ended, and nobody asked to stop it. */
  async mayGoOn(id: string): Promise<boolean> {
    const row = await this.database.run.findUnique({
      where: { id },
      select: { status: true, cancelRequestedAt: true },
    });
    return row !== null && row.cancelRequestedAt === null && !ENDED_STATUSES.includes(RunStatus.parse(row.status));
  }

  /**
   * Notes that the run is to stop. One that still waits in line ends at once.
   * @returns false when it had ended before
   */
  async requestCancel(id: string): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      const now = new Date();
      const ended = await tables.run.updateMany({
        where: { id, status: 'queued' },
        data: { status: 'cancelled', cancelRequestedAt: now, endedAt: now },
      });
      if (ended.count > 0) {
        await tables.runStep.updateMany({ where: { runId: id }, data: { status: 'skipped' } });
        return true;
      }
      const asked = await tables.run.updateMany({
        where: { id, status: { notIn: [...ENDED_STATUSES] } },
        data: { status: 'cancelling', cancelRequestedAt: now },
      });
      return asked.count > 0;
    });
  }

  /** @returns false when the run was cancelled while it waited in line */
  async begin(id: string): Promise<boolean> {
    const begun = await this.database.run.updateMany({
      where: { id, status: 'queued' },
      data: { status: 'running', startedAt: new Date() },
    });
    if (begun.count > 0) return true;
    const row = await this.database.run.findUnique({ where: { id }, select: { status: true } });
    return row !== null && !ENDED_STATUSES.includes(RunStatus.parse(row.status));
  }

  /** Ends the run; only the first call does anything. */
  async end(id: string, status: RunStatus, problem: Problem | null): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      const ended = await tables.run.updateMany({
        where: { id, status: { notIn: [...ENDED_STATUSES] } },
        data: { status, endedAt: new Date(), ...(problem ? { problem } : {}) },
      });
      if (ended.count === 0) return false;
      await tables.runStep.updateMany({ where: { runId: id, status: 'pending' }, data: { status: 'skipped' } });
      // A step that was given up from outside could not say so itself.
      await tables.runStep.updateMany({
        where: { runId: id, status: 'running', name: { not: 'release_compute' } },
        data: { status: 'failed', endedAt: new Date() },
      });
      return true;
    });
  }

  async stepBegins(runId: string, name: StepName): Promise<number> {
    const step = await this.database.runStep.update({
      where: { runId_name: { runId, name } },
      data: { status: 'running', attempt: { increment: 1 }, endedAt: null },
    });
    if (step.startedAt === null) {
      await this.database.runStep.update({ where: { runId_name: { runId, name } }, data: { startedAt: new Date() } });
    }
    return step.attempt;
  }

  async stepEnds(runId: string, name: StepName, status: 'completed' | 'failed' | 'cancelled'): Promise<void> {
    await this.database.runStep.update({
      where: { runId_name: { runId, name } },
      data: { status, endedAt: new Date() },
    });
  }

  /** Adds a notice once for each key. */
  async note(runId: string, key: string, notice: Omit<RunNotice, 'at'>): Promise<boolean> {
    const { count } = await this.database.runNotice.createMany({
      data: [{ runId, key, ...notice }],
      skipDuplicates: true,
    });
    return count > 0;
  }

  async setResult(id: string, result: RunResult, valAccuracy: number): Promise<void> {
    await this.database.run.update({ where: { id }, data: { result, valAccuracy } });
  }

  /** What a run of a person's project has left, with all that it learned from; null when there is no such run. */
  left(ownerId: string, projectId: string, runId: string): Promise<RunLeft | null> {
    return this.leftBy({ ownerId, projectId, runId });
  }

  async artifacts(runId: string): Promise<Artifact[]> {
    const rows = await this.database.runArtifact.findMany({ where: { runId }, orderBy: { name: 'asc' } });
    return rows.map((row) => ({ name: row.name, sha256: row.sha256, sizeBytes: Number(row.sizeBytes) }));
  }

  /** Points a name of the run to these bytes, and says which bytes it pointed to before. */
  async putArtifact(runId: string, artifact: Artifact): Promise<string | null> {
    return this.database.$transaction(async (tables) => {
      await tables.$queryRaw`SELECT id FROM mallo.runs WHERE id = ${runId} FOR UPDATE`;
      const key = { runId_name: { runId, name: artifact.name } };
      const before = await tables.runArtifact.findUnique({ where: key });
      await tables.runArtifact.upsert({ where: key, create: { runId, ...artifact }, update: artifact });
      return before && before.sha256 !== artifact.sha256 ? before.sha256 : null;
    });
  }

  async allFiles(projectId: string): Promise<Blob[]> {
    const rows = await this.database.runArtifact.findMany({ where: { run: { projectId } }, distinct: ['sha256'] });
    return rows.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
  }

  async idsOf(projectId: string): Promise<string[]> {
    return (await this.database.run.findMany({ where: { projectId }, select: { id: true } })).map(({ id }) => id);
  }

  /** Of a training that goes on nothing. */
  async letGoOfFiles(projectId: string, runIds: string[]): Promise<Blob[]> {
    const rows = await this.database.$queryRaw<{ sha256: string; sizeBytes: bigint }[]>`
      DELETE FROM mallo.run_artifacts WHERE run_id IN (
        SELECT id FROM mallo.runs WHERE id = ANY(${runIds}) AND project_id = ${projectId} AND status = ANY(${[...ENDED_STATUSES]}))
      RETURNING sha256, size_bytes AS "sizeBytes"`;
    return rows.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
  }

  /** Those of the runs that are of the project and have ended. */
  async endedAmong(projectId: string, runIds: string[]): Promise<string[]> {
    const where = { id: { in: runIds }, projectId, status: { in: [...ENDED_STATUSES] } };
    return (await this.database.run.findMany({ where, select: { id: true } })).map(({ id }) => id);
  }

  private async leftByAll(
    wanted: { ownerId: string; projectId: string; runId: string }[],
  ): Promise<Answer<RunLeft | null>[]> {
    const of = (key: 'ownerId' | 'projectId' | 'runId') => wanted.map((one) => one[key]);
    const rows = await this.database.rows<RunLeft & { place: string }>(Prisma.sql`
      SELECT w.place, r.id AS "runId", r.name, r.config, r.config_hash AS "configHash", r.result, r.transcript,
        d.sha256 AS "datasetVersionSha256",
        coalesce((SELECT jsonb_agg(jsonb_build_object('name', f.name, 'sha256', f.sha256, 'sizeBytes', f.size_bytes)
                    ORDER BY f.name) FROM mallo.run_artifacts f WHERE f.run_id = r.id), '[]') AS artifacts
      FROM unnest(${of('runId')}::text[], ${of('projectId')}::text[], ${of('ownerId')}::text[])
          WITH ORDINALITY AS w(run, project, owner, place)
        JOIN mallo.runs r ON r.id = w.run AND r.project_id = w.project
        JOIN mallo.projects p ON p.id = r.project_id AND p.owner_id = w.owner
        JOIN mallo.dataset_versions d ON d.id = r.dataset_version_id`);
    return inOrder(rows, wanted.length);
  }

  private newest(projectId: string, limit: number): Promise<Row[]> {
    return this.database.run.findMany({ where: { projectId }, orderBy: { createdAt: 'desc' }, take: limit });
  }
}

/** `digits-resnet18`, and `digits-resnet18-2` for the second training of the same two. */
async function nameFor(tables: Tables, run: NewRun): Promise<string> {
  const base = `${run.config.dataset.name}-${run.config.model.name}`;
  const before = await tables.run.count({
    where: {
      projectId: run.projectId,
      AND: [
        { config: { path: ['dataset', 'name'], equals: run.config.dataset.name } },
        { config: { path: ['model', 'name'], equals: run.config.model.name } },
      ],
    },
  });
  return before === 0 ? base : `${base}-${before + 1}`;
}

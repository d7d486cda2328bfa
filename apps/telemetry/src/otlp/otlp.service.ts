import { createHash } from 'node:crypto';
import type { Program } from '@mallo/backend';
import { MalloError, METRIC_KEY_CHARACTERS } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { type Batch, BatchWriter } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import { ExperimentsRepository } from '../tracking/experiments.repository.js';
import { LoggedRunsRepository } from '../tracking/logged-runs.repository.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { RUN_NAME } from '../tracking/run-texts.js';
import { isDuplicate, storableText } from '../tracking/sql.js';
import { type Attributes, type Measured, type ResourceMeasured, readMetricsRequest } from './metrics-request.js';

/** Names the run to add to; without it there is one for each instance of a service. */
const RUN_ID = 'mallo.run_id';
/** A point's attribute that is its step; without it all steps are 0, and the curve is one over time. */
const STEP = 'step';

/** What could not be kept, as OTLP reports it. */
export type Rejected = { count: number; message: string };

/** Metrics of programs that speak OpenTelemetry, as curves of runs. */
@Injectable()
export class OtlpService {
  constructor(
    private readonly points: PointStore,
    private readonly runs: LoggedRunsRepository,
    private readonly experiments: ExperimentsRepository,
    private readonly projects: ProjectsService,
  ) {}

  /**
   * Stores what came, each program's all or nothing. A repeat stores nothing twice.
   * @throws MalloError request.invalid, run.not_found
   */
  async store(program: Program, body: unknown): Promise<Rejected> {
    let resources: ResourceMeasured[];
    try {
      resources = readMetricsRequest(body);
    } catch {
      throw new MalloError('request.invalid', {
        problem: {
          en: 'the body is no ExportMetricsServiceRequest of OTLP',
          ko: '본문이 OTLP의 ExportMetricsServiceRequest가 아닙니다',
        },
      });
    }
    let rejected = 0;
    for (const { resource, points } of resources) {
      const { batch, tooLong } = batchOf(points);
      rejected += tooLong;
      if (batch.events > 0) await this.append(program, resource, batch);
    }
    return {
      count: rejected,
      message: rejected > 0 ? `names with attributes over ${METRIC_KEY_CHARACTERS} characters` : '',
    };
  }

  private async append(program: Program, resource: Attributes, batch: Batch): Promise<void> {
    const { projectId } = program;
    const named = resource[RUN_ID];
    if (named !== undefined) {
      if (await this.points.append(String(named), batch, { projectId })) return;
      throw new MalloError('run.not_found');
    }
    const runId = runIdOf(projectId, resource);
    if (await this.points.append(runId, batch, { projectId })) return;
    await this.create(program, runId, resource);
    if (!(await this.points.append(runId, batch, { projectId }))) throw new MalloError('run.not_found');
  }

  private async create({ userId, projectId }: Program, runId: string, resource: Attributes): Promise<void> {
    await this.projects.checkOwner(userId, projectId);
    const experiment = await this.experiments.find(projectId, '0');
    if (!experiment) throw new MalloError('project.not_found');
    const tags = Object.entries(resource).map(([key, value]) => ({ key, value: String(value) }));
    const run = { runId, ownerId: userId, projectId, experimentKey: experiment.key, startedMs: Date.now() };
    const name = String(resource['service.name'] ?? 'opentelemetry');
    try {
      await this.runs.create({ ...run, name, user: '', tags: [...tags, { key: RUN_NAME, value: name }] });
    } catch (error) {
      // Another request of the same program was quicker.
      if (!isDuplicate(error)) throw error;
    }
  }
}

/** The same for the same instance of a service, whenever it begins to measure. */
function runIdOf(projectId: string, resource: Attributes): string {
  const name = JSON.stringify([projectId, resource['service.name'] ?? '', resource['service.instance.id'] ?? '']);
  return `run_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

function batchOf(points: readonly Measured[]): { batch: Batch; tooLong: number } {
  const writer = new BatchWriter();
  let tooLong = 0;
  for (const { name, attributes, timeMs, value } of points) {
    const { [STEP]: step, ...others } = attributes;
    const parts = Object.entries(others)
      .map(([key, part]) => `${key}=${part}`)
      .sort();
    const key = storableText(parts.length > 0 ? `${name}{${parts.join(',')}}` : name);
    if (key === '' || key.length > METRIC_KEY_CHARACTERS) tooLong += 1;
    else writer.point(key, Number.isSafeInteger(step) ? Number(step) : 0, timeMs, value);
  }
  return { batch: writer.finish(), tooLong };
}

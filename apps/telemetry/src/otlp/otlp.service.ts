import type { Program } from '@mallo/backend';
import { MalloError, METRIC_KEY_CHARACTERS } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { type Batch, BatchWriter } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import { keyedRunId, ProgramRunsService } from '../tracking/program-runs.service.js';
import { storableText } from '../tracking/sql.js';
import { type Attributes, type Measured, type ResourceMeasured, readMetricsRequest } from './metrics-request.js';
import { OtlpRunsRepository } from './otlp-runs.repository.js';

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
    private readonly runs: ProgramRunsService,
    private readonly otlpRuns: OtlpRunsRepository,
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
    if (!(await this.points.append(runId, batch, { projectId }))) {
      const tags = Object.entries(resource).map(([key, value]) => ({ key, value: String(value) }));
      const name = String(resource['service.name'] ?? 'opentelemetry');
      await this.runs.begin(program, { runId, name, experimentId: '0', params: [], tags });
      if (!(await this.points.append(runId, batch, { projectId }))) throw new MalloError('run.not_found');
    }
    await this.otlpRuns.heard(runId);
  }
}

/** The same for the same instance of a service, whenever it begins to measure. */
function runIdOf(projectId: string, resource: Attributes): string {
  return keyedRunId(projectId, String(resource['service.name'] ?? ''), String(resource['service.instance.id'] ?? ''));
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

import { CurrentProgram, Endpoint, MlflowInput, type Program, SEE_DOCS } from '@mallo/backend';
import { MetricValue, MlflowError, type RouteInput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { asJson } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import type { PlaceInCurve } from '../points/read-history.js';
import { Int64, Required, Text, Texts } from './messages.js';
import { mlflowRoute } from './route.js';
import { nonEmpty } from './run-messages.js';
import { MlflowRunsService } from './runs.service.js';

const MOST_RUNS = 100;
const MOST_POINTS = 2500;

export const metricRoutes = {
  history: mlflowRoute('GET', '/metrics/get-history', {
    query: z.object({
      run_id: Required,
      run_uuid: z.unknown().optional(),
      metric_key: Required,
      page_token: Text,
      max_results: Int64.optional(),
    }),
  }),
  bulkInterval: mlflowRoute('GET', '/metrics/get-history-bulk-interval', {
    query: z.object({
      run_ids: Texts.refine((ids) => ids.length > 0),
      metric_key: Required,
      start_step: Int64.optional(),
      end_step: Int64.optional(),
      max_results: Int64.default(MOST_POINTS),
    }),
  }),
};
type Routes = typeof metricRoutes;

@Controller()
export class MlflowMetricsController {
  constructor(
    private readonly runs: MlflowRunsService,
    private readonly points: PointStore,
  ) {}

  @Endpoint(metricRoutes.history)
  async history(@CurrentProgram() program: Program, @MlflowInput() { query }: RouteInput<Routes['history']>) {
    const { run_id: runId, metric_key: key, max_results: limit, page_token: token } = query;
    if (limit !== undefined && limit <= 0) {
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `Invalid value ${limit} for parameter 'max_results' supplied. It must be a positive integer.`,
      );
    }
    // Of a run that there is not, MLflow has no points.
    if ((await this.runs.existing(program, [runId])).length === 0) return {};
    const page = await this.points.history({ runId, key }, placeOf(token), limit ?? Number.MAX_SAFE_INTEGER);
    // A page is of neighbours by step; within it, as MLflow has them, by time.
    const points = page.points.toSorted((a, b) => a.timeMs - b.timeMs || a.step - b.step || a.value - b.value);
    return {
      ...nonEmpty(
        'metrics',
        points.map((point) => pointMessage(key, point)),
      ),
      ...(page.next ? { next_page_token: tokenOf(page.next) } : {}),
    };
  }

  @Endpoint(metricRoutes.bulkInterval)
  async bulkInterval(@CurrentProgram() program: Program, @MlflowInput() { query }: RouteInput<Routes['bulkInterval']>) {
    const { run_ids: runIds, metric_key: key, start_step: from, end_step: to, max_results: most } = query;
    checkInterval(runIds.length, from, to, most);
    const existing = await this.runs.existing(program, runIds);
    const curves = await this.points.curves(
      existing.map((runId) => ({ runId, key })),
      { axis: 'step', from, to },
      most,
    );
    const metrics = curves.flatMap(({ runId, points: { steps, timesMs, values } }) =>
      Array.from(steps, (step, at) => ({
        ...pointMessage(key, { step, timeMs: timesMs[at] ?? 0, value: values[at] ?? Number.NaN }),
        run_id: runId,
      })),
    );
    return nonEmpty('metrics', metrics);
  }
}

function pointMessage(key: string, { value, timeMs, step }: PlaceInCurve) {
  return { key, value: asJson(value), timestamp: timeMs, step };
}

function checkInterval(runs: number, from: number | undefined, to: number | undefined, most: number): void {
  const invalid = (problem: string) => new MlflowError('INVALID_PARAMETER_VALUE', problem);
  if (runs > MOST_RUNS) {
    throw invalid(
      `GetMetricHistoryBulkInterval request must specify at most ${MOST_RUNS} run_ids. Received ${runs} run_ids. ${SEE_DOCS}`,
    );
  }
  if (most < 1 || most > MOST_POINTS) {
    throw invalid(`max_results must be between 1 and ${MOST_POINTS}. ${SEE_DOCS}`);
  }
  if ((from === undefined) !== (to === undefined)) {
    throw invalid('If either start step or end step are specified, both must be specified.');
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw invalid(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`);
  }
}

const Place = z.tuple([z.int(), z.int(), MetricValue]);

function tokenOf({ step, timeMs, value }: PlaceInCurve): string {
  return Buffer.from(JSON.stringify([step, timeMs, asJson(value)])).toString('base64url');
}

function placeOf(token: string): PlaceInCurve | null {
  if (token === '') return null;
  try {
    const [step, timeMs, value] = Place.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
    return { step, timeMs, value: Number(value) };
  } catch {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token, could not base64-decode');
  }
}

import type { ImportedLoggedModel, ImportedVersion, MetricValue, RunStatus } from '@mallo/contracts';

/** MLflow's words for how a run stands, in the order of its numbers from 1. */
export const RUN_WORDS = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
/** The same as Mallo's. */
export const RUN_STATUSES: RunStatus[] = ['running', 'queued', 'completed', 'failed', 'cancelled'];

/** How a logged model stands, in the order of MLflow's numbers from 1. */
export const MODEL_STATUSES: ImportedLoggedModel['status'][] = ['PENDING', 'READY', 'UPLOAD_FAILED'];

export const STAGES: NonNullable<ImportedVersion['stage']>[] = ['Staging', 'Production', 'Archived'];

/** A value as JSON can hold it. */
export function asJson(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

import { z } from 'zod';
import type { LifecycleStage } from '../tracking/experiments.repository.js';

/**
 * Forms of MLflow's requests (`mlflow/protos/service.proto`) as JSON has them. Unknown keys are passed over; a name that
 * must be there must not be empty either.
 */
export const Required = z.string().min(1);
export const Text = z.string().default('');
/** JSON of protocol buffers may have a 64-bit integer as text. */
export const Int64 = z.union([z.int(), z.string().regex(/^-?\d{1,16}$/)]).transform(Number);
export const Pairs = z.array(z.object({ key: Text, value: Text })).default([]);
/** In a query what comes once is no list. */
export const Texts = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string()).default([]),
);
export const ViewType = z
  .union([z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']), z.enum(['1', '2', '3']), z.literal([1, 2, 3])])
  .default('ACTIVE_ONLY')
  .transform((view): LifecycleStage[] => {
    if (view === 'ALL' || Number(view) === 3) return ['active', 'deleted'];
    return view === 'DELETED_ONLY' || Number(view) === 2 ? ['deleted'] : ['active'];
  });

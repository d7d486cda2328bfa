import { z } from 'zod';

/**
 * Forms of MLflow's requests (`mlflow/protos/service.proto`) as JSON has them. Unknown keys are passed over; a name that
 * must be there must not be empty either.
 */
export const Required = z.string().min(1);
export const Text = z.string().default('');
/** JSON of protocol buffers may have a 64-bit integer as text. */
export const Int64 = z.union([z.int(), z.string().regex(/^-?\d{1,16}$/)]).transform(Number);
/** NaN and infinities are words; a number may be text. */
export const Double = z.union([z.number(), z.string().refine(isNumber)]).transform(Number);
export const Pair = z.object({ key: Text, value: Text });
export type Pair = z.infer<typeof Pair>;
export const Pairs = z.array(Pair).default([]);
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
export type LifecycleStage = 'active' | 'deleted';

function isNumber(text: string): boolean {
  return /^-?(Infinity|NaN)$/.test(text) || (text.trim() !== '' && !Number.isNaN(Number(text)));
}

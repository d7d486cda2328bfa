import { z } from 'zod';
import { because } from './because.js';
import { Id, Timestamp } from './identity.js';
import { MetricName } from './registrations.js';

/**
 * What a version must show to become the @champion while there is one: of this figure, measured on the same version of
 * the dataset, at least the champion's and `margin` better (a negative one: that much worse is let pass). Rolling back
 * and returning to an earlier state pass by the gates.
 */
export const Gate = z.strictObject({
  metric: MetricName,
  /** Which direction is better. */
  direction: z.enum(['max', 'min']),
  margin: z.number().default(0),
});
export type Gate = z.infer<typeof Gate>;

export const Gates = z
  .array(Gate)
  .max(20)
  .refine(
    (gates) => new Set(gates.map(({ metric }) => metric)).size === gates.length,
    because('a figure has one gate', '지표마다 관문은 하나입니다'),
  );

/** One change of a model's gates, kept for good. */
export const GateChange = z.strictObject({
  id: Id,
  /** Null when whoever it was is no longer here. */
  by: z.string().nullable(),
  reason: z.string(),
  before: z.array(Gate),
  after: z.array(Gate),
  at: Timestamp,
});
export type GateChange = z.infer<typeof GateChange>;

import { z } from 'zod';

// What the api reads of telemetry's answers in the dialect; these say more.

/** Numbers that JSON has no sign for come as words. */
const Figures = z.array(z.object({ key: z.string(), value: z.unknown() })).default([]);
const Texts = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);

/** A run, as `runs/get` answers it. */
export const MlflowRun = z.looseObject({
  info: z.looseObject({ run_id: z.string(), artifact_uri: z.string() }),
  data: z.looseObject({ metrics: Figures, params: Texts, tags: Texts }).prefault({}),
});
export type MlflowRun = z.input<typeof MlflowRun>;

/** A logged model, as `logged-models/ID` answers it. */
export const MlflowLoggedModel = z.looseObject({
  info: z.looseObject({
    model_id: z.string(),
    artifact_uri: z.string(),
    source_run_id: z.string().default(''),
    tags: Texts,
  }),
  data: z.looseObject({ metrics: Figures, params: Texts }).prefault({}),
});
export type MlflowLoggedModel = z.input<typeof MlflowLoggedModel>;

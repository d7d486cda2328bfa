import { z } from 'zod';
import { RUN_WORDS } from './statuses.js';

// What is read of the answers of MLflow's REST API; what a server leaves out is empty here.

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const Int = z.coerce.number().int();
const Time = Int.nullish().transform((time) => time ?? null);
const Pairs = z.array(z.object({ key: z.string(), value: Text })).default([]);
const Token = z.string().optional();
const Stage = z.enum(['active', 'deleted']).default('active');
const Value = z.union([z.number(), z.string()]).transform(Number);

export const Experiments = z.object({
  experiments: z
    .array(
      z.object({
        experiment_id: z.string(),
        name: z.string(),
        lifecycle_stage: Stage,
        creation_time: Time,
        last_update_time: Time,
        tags: Pairs,
      }),
    )
    .default([]),
  next_page_token: Token,
});
export const RunIds = z.object({
  runs: z.array(z.object({ info: z.object({ run_id: z.string() }) })).default([]),
  next_page_token: Token,
});
export const RunAnswer = z.object({
  run: z.object({
    info: z.object({
      run_name: Text,
      user_id: Text,
      status: z.enum(RUN_WORDS).default('RUNNING'),
      start_time: Time,
      end_time: Time,
      lifecycle_stage: Stage,
      artifact_uri: Text,
    }),
    data: z
      .object({
        metrics: z.array(z.object({ key: z.string(), value: Value, timestamp: Int, step: Int.default(0) })).default([]),
        params: Pairs,
        tags: Pairs,
      })
      .default({ metrics: [], params: [], tags: [] }),
    inputs: z
      .object({
        dataset_inputs: z
          .array(
            z.object({
              tags: Pairs,
              dataset: z.object({
                name: Text,
                digest: Text,
                source_type: Text,
                source: Text,
                schema: Text,
                profile: Text,
              }),
            }),
          )
          .default([]),
        model_inputs: z.array(z.object({ model_id: z.string() })).default([]),
      })
      .default({ dataset_inputs: [], model_inputs: [] }),
    outputs: z
      .object({ model_outputs: z.array(z.object({ model_id: z.string(), step: Int.default(0) })).default([]) })
      .default({ model_outputs: [] }),
  }),
});
export const History = z.object({
  metrics: z.array(z.object({ value: Value, timestamp: Int, step: Int.default(0) })).default([]),
  next_page_token: Token,
});
export const LoggedModels = z.object({
  models: z
    .array(
      z.object({
        info: z.object({
          model_id: z.string(),
          name: Text,
          model_type: Text,
          source_run_id: Text,
          status: z.union([z.string(), z.number()]).default(1),
          creation_timestamp_ms: Time,
          last_updated_timestamp_ms: Time,
          artifact_uri: Text,
          tags: Pairs,
        }),
        data: z
          .object({
            params: Pairs,
            metrics: z
              .array(
                z.object({
                  key: z.string(),
                  value: Value,
                  timestamp: Int,
                  step: Int.default(0),
                  run_id: Text,
                  dataset_name: Text,
                  dataset_digest: Text,
                }),
              )
              .default([]),
          })
          .default({ params: [], metrics: [] }),
      }),
    )
    .default([]),
  next_page_token: Token,
});
export const Files = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: Int.default(0) }))
    .default([]),
  next_page_token: Token,
});
const RegisteredModel = z.object({
  name: z.string(),
  description: Text,
  creation_timestamp: Time,
  last_updated_timestamp: Time,
  tags: Pairs,
  aliases: z.array(z.object({ alias: z.string(), version: Int })).default([]),
});
export const RegisteredModels = z.object({
  registered_models: z.array(RegisteredModel).default([]),
  next_page_token: Token,
});
export const OneModel = z.object({ registered_model: RegisteredModel });
export const Versions = z.object({
  model_versions: z
    .array(
      z.object({
        version: Int,
        description: Text,
        creation_timestamp: Time,
        last_updated_timestamp: Time,
        current_stage: Text,
        source: Text,
        run_id: Text,
        run_link: Text,
        model_id: Text,
        tags: Pairs,
      }),
    )
    .default([]),
  next_page_token: Token,
});
export const DownloadUri = z.object({ artifact_uri: Text });
export type Files = z.infer<typeof Files>;
export type Version = z.infer<typeof Versions>['model_versions'][number];
export type Run = z.infer<typeof RunAnswer>['run'];

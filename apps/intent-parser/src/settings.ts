import { z } from 'zod';

// A variable that is set to nothing is one that is not set: compose files pass them on so.
const optionalText = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined);
const optionalUrl = optionalText.pipe(z.url({ protocol: /^https?$/ }).optional());

/** What the LLM engine needs; without a key it is off. */
export const LlmSettings = z.object({
  ANTHROPIC_API_KEY: optionalText,
  OPENAI_API_KEY: optionalText,
  ANTHROPIC_BASE_URL: optionalUrl,
  OPENAI_BASE_URL: optionalUrl,
  MALLO_LLM_MODEL: optionalText,
  /** Tokens in and out that may be used in one UTC day. */
  MALLO_LLM_DAILY_TOKENS: optionalText.transform((value) => Number(value ?? 1_000_000)).pipe(z.int().min(0)),
});
export type LlmSettings = z.infer<typeof LlmSettings>;

/** The parser runs alone, without the secrets the other processes share. */
export const ParserSettings = LlmSettings.extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

import { z } from 'zod';

// A variable that is set to nothing is one that is not set: compose files pass them on so.
const optionalText = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined);
// Node's fetch refuses such an address in a sentence that repeats it; no password is to get that far.
const optionalUrl = optionalText.pipe(
  z
    .url({ protocol: /^https?$/ })
    .refine((value) => !/^https?:\/\/[^/?#]*@/i.test(value), 'no user name or password may stand in an address')
    .optional(),
);

const PRICES = /^(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)$/;
const prices = optionalText.transform((value, context) => {
  if (!value) return undefined;
  const [, input, output] = PRICES.exec(value) ?? [];
  if (input && output) return { input: Number(input), output: Number(output) };
  context.addIssue('two prices in US dollars, of a million tokens in and out, such as "1,5"');
  return z.NEVER;
});

/** What the LLM engine needs; without a key, or the address of a server that asks for none, it is off. */
export const LlmSettings = z.object({
  ANTHROPIC_API_KEY: optionalText,
  OPENAI_API_KEY: optionalText,
  ANTHROPIC_BASE_URL: optionalUrl,
  OPENAI_BASE_URL: optionalUrl,
  MALLO_LLM_MODEL: optionalText,
  /** Tokens in and out that may be used in one UTC day. */
  MALLO_LLM_DAILY_TOKENS: optionalText.transform((value) => Number(value ?? 1_000_000)).pipe(z.int().min(0)),
  MALLO_LLM_USD_PER_MILLION_TOKENS: prices,
});
export type LlmSettings = z.infer<typeof LlmSettings>;

/** The parser runs alone, without the secrets the other processes share. */
export const ParserSettings = LlmSettings.extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

import { z } from 'zod';

/** Settings every server process has. */
export const CommonSettings = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  /** Address to listen on; only this machine unless said otherwise. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  /** Signs the tokens of people, programs and services; the same in every process of one Mallo. */
  MALLO_JWT_SECRET: z.string().min(32),
  /** The address people open, for links and for the check of where a request comes from. */
  MALLO_URL: z.url(),
});

/**
 * Reads a process's settings from its environment, once, at start.
 * @throws Error with a sentence that names each wrong setting, never its value (it may be a secret).
 */
export function readSettings<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings are not right. ${problems.join('; ')}. See docs/settings.md.`);
}

import type { ParseResponse } from '@mallo/contracts';
import { z } from 'zod';

/** What a sentence of the evaluation set has to be understood as: only what the sentence determines. */
export const Expectation = z.strictObject({
  status: z.enum(['complete', 'needs_clarification', 'command', 'out_of_scope']),
  intent: z.record(z.string(), z.unknown()).optional(),
  command: z.record(z.string(), z.unknown()).optional(),
  /** Dotted paths of the intent that must not be filled, or only with a declared default. */
  absent: z.array(z.string()).optional(),
  questionFields: z.array(z.string()).optional(),
  anyOf: z.record(z.string(), z.array(z.unknown())).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(node: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), node);
}

function leaves(node: unknown, prefix = ''): [string, unknown][] {
  if (!isRecord(node)) return [];
  return Object.entries(node).flatMap(([key, value]): [string, unknown][] =>
    isRecord(value) ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value]],
  );
}

function same(want: unknown, got: unknown): boolean {
  if (typeof want === 'number' && typeof got === 'number') {
    return Math.abs(want - got) <= 1e-6 * Math.max(Math.abs(want), Math.abs(got));
  }
  if (typeof want === 'string' && typeof got === 'string')
    return want.trim().toLowerCase() === got.trim().toLowerCase();
  if (Array.isArray(want) && Array.isArray(got)) {
    return want.length === got.length && want.every((value, i) => same(value, got[i]));
  }
  return want === got;
}

/** Every way in which an answer is not what was expected, and how many of the expected intent fields it has. */
export function judge(
  expect: Expectation,
  got: ParseResponse,
): { wrong: string[]; fields: number; fieldsRight: number } {
  const wrong: string[] = [];
  let fields = 0;
  let fieldsRight = 0;
  if (got.status !== expect.status) wrong.push(`status: want ${expect.status}, got ${got.status}`);
  for (const part of ['intent', 'command'] as const) {
    for (const [path, want] of leaves(expect[part])) {
      const have = at(got[part], path);
      if (part === 'intent') fields += 1;
      if (same(want, have)) fieldsRight += part === 'intent' ? 1 : 0;
      else wrong.push(`${part}.${path}: want ${JSON.stringify(want)}, got ${JSON.stringify(have)}`);
    }
  }
  for (const [path, values] of Object.entries(expect.anyOf ?? {})) {
    const have = at(got.intent, path);
    if (!values.some((value) => same(value, have)))
      wrong.push(`${path}: want one of ${JSON.stringify(values)}, got ${JSON.stringify(have)}`);
  }
  for (const path of expect.absent ?? []) {
    const kind = got.origin[path]?.kind;
    if (at(got.intent, path) !== undefined && kind !== 'default' && kind !== 'dataset')
      wrong.push(`${path}: must be absent`);
  }
  const asked = new Set(got.questions.map((question) => question.field));
  for (const field of expect.questionFields ?? []) {
    if (!asked.has(field)) wrong.push(`question on ${field} missing, asked ${[...asked].join(', ') || 'nothing'}`);
  }
  return { wrong, fields, fieldsRight };
}

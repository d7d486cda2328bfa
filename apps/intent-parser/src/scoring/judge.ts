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
  /** By dotted path in the intent, or from `command.` on: the values of which one is right. */
  anyOf: z.record(z.string(), z.array(z.unknown())).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

export type Judgement = {
  /** Every way in which the answer is not what was expected. */
  wrong: string[];
  /** Intent fields the sentence determines, those of them that were filled at all, and filled rightly. */
  fields: number;
  fieldsFilled: number;
  fieldsRight: number;
};

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

const isText = (value: unknown): value is string => typeof value === 'string';
const folded = (text: string) => text.trim().toLowerCase();

function same(want: unknown, got: unknown): boolean {
  if (typeof want === 'number' && typeof got === 'number') {
    return Math.abs(want - got) <= 1e-6 * Math.max(Math.abs(want), Math.abs(got));
  }
  if (isText(want) && isText(got)) return folded(want) === folded(got);
  if (Array.isArray(want) && Array.isArray(got)) {
    // Names stand in no order; numbers do.
    const [a, b] = [want, got].map((list) => (list.every(isText) ? list.map(folded).sort() : list));
    return want.length === got.length && want.every((_, i) => same(a?.[i], b?.[i]));
  }
  return want === got;
}

/** Holds an answer against what the sentence determines. */
export function judge(expect: Expectation, got: ParseResponse): Judgement {
  const wrong: string[] = [];
  let [fields, fieldsFilled, fieldsRight] = [0, 0, 0];
  if (got.status !== expect.status) wrong.push(`status: want ${expect.status}, got ${got.status}`);

  const hold = (part: 'intent' | 'command', path: string, values: unknown[]) => {
    const have = at(got[part], path);
    const right = values.some((value) => same(value, have));
    if (part === 'intent') {
      fields += 1;
      fieldsFilled += have === undefined ? 0 : 1;
      fieldsRight += right ? 1 : 0;
    }
    const want = values.map((value) => JSON.stringify(value)).join(' or ');
    if (!right) wrong.push(`${part}.${path}: want ${want}, got ${JSON.stringify(have)}`);
  };
  for (const [path, want] of leaves(expect.intent)) hold('intent', path, [want]);
  for (const [path, want] of leaves(expect.command)) hold('command', path, [want]);
  for (const [path, values] of Object.entries(expect.anyOf ?? {})) {
    if (path.startsWith('command.')) hold('command', path.slice('command.'.length), values);
    else hold('intent', path.replace(/^intent\./, ''), values);
  }

  for (const [path] of leaves(got.intent)) {
    const known = got.origin[path] ?? got.origin[path.slice(0, path.lastIndexOf('.'))];
    if (!known) wrong.push(`${path}: nothing says where it came from`);
  }
  for (const path of expect.absent ?? []) {
    const kind = got.origin[path]?.kind;
    if (at(got.intent, path) === undefined || kind === 'default' || kind === 'dataset') continue;
    wrong.push(`${path}: must be absent`);
    fieldsFilled += 1;
  }
  const asked = new Set(got.questions.map((question) => question.field));
  for (const field of expect.questionFields ?? []) {
    if (!asked.has(field)) wrong.push(`question on ${field} missing, asked ${[...asked].join(', ') || 'nothing'}`);
  }
  return { wrong, fields, fieldsFilled, fieldsRight };
}

import * as contracts from '@mallo/contracts';
import { z } from 'zod';

export type JsonSchema = { [key: string]: unknown };

/** The schemas of the contracts by the names they are exported under. */
const named = z.registry<{ id: string }>();
for (const [name, value] of Object.entries(contracts)) {
  if (value instanceof z.ZodType) named.add(value, { id: name });
}

const REQUEST = '.request';

/** Schemas that several routes share, as they go under `components/schemas`. */
export type Components = Map<string, JsonSchema>;

/** The same schema with its references to shared ones pointing into the document. */
function pointTo(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => pointTo(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = key === '$ref' && typeof item === 'string' ? /^#\/\$defs\/(.+)$/.exec(item)?.[1] : undefined;
      return [key, name ? `#/components/schemas/${rename(name)}` : pointTo(item, rename)];
    }),
  );
}

/**
 * A zod schema as JSON Schema (draft 2020-12, which OpenAPI 3.1 is made of). Named schemas inside it are added to
 * `components`. What is sent and what is answered can differ (a default may be left out when sending), so schemas of
 * requests have names of their own until `mergeTwins`.
 */
export function jsonSchema(schema: z.ZodType, direction: 'request' | 'answer', components: Components): JsonSchema {
  const rename = (name: string) => (direction === 'request' ? name + REQUEST : name);
  const converted = z.toJSONSchema(schema, {
    metadata: named,
    io: direction === 'request' ? 'input' : 'output',
    unrepresentable: 'any',
  });
  const { $schema: _, $defs = {}, id, ...root } = pointTo(converted, rename) as JsonSchema & { $defs?: JsonSchema };
  for (const [name, definition] of Object.entries($defs)) {
    const { id: __, ...rest } = definition as JsonSchema;
    components.set(rename(name), rest);
  }
  if (typeof id !== 'string') return root;
  components.set(rename(id), root);
  return { $ref: `#/components/schemas/${rename(id)}` };
}

/** Most schemas are the same in requests and answers, or in one of them only: those get one plain name. */
export function mergeTwins(paths: JsonSchema, components: Components): { paths: JsonSchema; schemas: JsonSchema } {
  const plain = (name: string) => name.slice(0, -REQUEST.length);
  const merged = new Set([...components.keys()].filter((name) => name.endsWith(REQUEST)));
  const pointed = (value: unknown) =>
    JSON.stringify(value).replace(/(?<="#\/components\/schemas\/)[\w.]+/g, (name) =>
      merged.has(name) ? plain(name) : name,
    );
  for (let size = -1; size !== merged.size; ) {
    size = merged.size;
    for (const name of merged) {
      const answer = components.get(plain(name));
      if (answer && JSON.stringify(answer) !== pointed(components.get(name))) merged.delete(name);
    }
  }
  const entries = [...components].map(([name, schema]) => [
    merged.has(name) ? plain(name) : name,
    JSON.parse(pointed(schema)),
  ]);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { paths: JSON.parse(pointed(paths)), schemas: Object.fromEntries(entries) };
}

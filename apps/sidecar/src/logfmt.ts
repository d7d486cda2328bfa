export type LogfmtLine = { kind: string; fields: ReadonlyMap<string, string> };

const KIND = /([a-z_]+)(?=[ ]|$)/y;
const FIELD = /[ ]([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|[^\s"]+)(?=[ ]|$)/y;

/**
 * Reads a line of logfmt as recipes print it: a first word, then `name=value` with single spaces between; a value
 * is a plain word or a JSON string. Null for any other line: a trainer's libraries print what they like.
 */
export function readLogfmt(line: string): LogfmtLine | null {
  KIND.lastIndex = 0;
  const kind = KIND.exec(line)?.[1];
  if (kind === undefined) return null;
  const fields = new Map<string, string>();
  FIELD.lastIndex = KIND.lastIndex;
  while (FIELD.lastIndex < line.length) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    const text = value.startsWith('"') ? readJsonString(value) : value;
    if (text === null) return null;
    fields.set(name, text);
  }
  return { kind, fields };
}

function readJsonString(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}

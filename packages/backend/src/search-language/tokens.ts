import { MlflowError } from '@mallo/contracts';

/** A filter or order that cannot be read; the message is in MLflow's words, which its clients know. */
export class SearchSyntaxError extends MlflowError {
  constructor(message: string) {
    super('INVALID_PARAMETER_VALUE', message);
  }
}

/** `text` is as written, from the character `start` of the whole. */
export type Token = { text: string; start: number } & (
  | { kind: 'name' } // `metrics.acc`, ``params.`a b` ``, `status` or a keyword
  | { kind: 'text'; value: string }
  | { kind: 'number' }
  | { kind: 'sign' } // what compares, such as `>=`, or a character that belongs to nothing
);

/** A part of a name: bare, or between quotes of either kind, where it may hold anything. */
const PART = /(?:`[^`]+`|"[^"]*"|[\p{L}\p{N}_][\p{L}\p{N}_/:-]*)/u.source;
const PATTERNS: [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['text', /'(?:''|[^'])*'/y],
  ['number', /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\p{L}\p{N}_.])/iuy],
  // As in MLflow one word.
  ['name', /not\s+null(?![\p{L}\p{N}_])/iuy],
  // After a dot the quotes of a text are those of a name too; the dot before a backtick that is not closed is the name's.
  ['name', new RegExp(`${PART}(?:\\.(?:${PART}|'[^']+'))*(?:\\.(?=\x60))?`, 'uy')],
  ['sign', /[<>=~!]+|[\s\S]/y],
];

/**
 * The words of MLflow's search language, which is a small part of SQL's: `metrics.acc > 0.9 AND tags."a b" = 'c'`.
 * Every text has a reading, so nothing is thrown here; what makes no sense is for the parser to refuse.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      const written = { text: found, start: at };
      if (kind === 'text') tokens.push({ ...written, kind, value: found.slice(1, -1).replaceAll("''", "'") });
      else if (kind !== 'space') tokens.push({ ...written, kind });
      at += found.length;
      break;
    }
  }
  return tokens;
}

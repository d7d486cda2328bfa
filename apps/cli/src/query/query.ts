import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { parseArgs } from 'node:util';
import { UnreachableError } from '@mallo/client';
import { exportRoutes, type Locale } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { usingProject } from '../token/project.js';
import { tableJson, tableText } from './table-text.js';
import { words } from './words.js';

const FORMATS = ['table', 'csv', 'json'] as const;
const USAGE_EXIT = 2;

type Asked = { sql: string; project: string; format: (typeof FORMATS)[number] };

/** Prints what a SELECT finds in the runs of a project: its first rows, or as CSV all of them. */
export async function query(args: string[], settings: Settings, locale: Locale): Promise<number> {
  const asked = readArguments(args);
  if (!asked) throw new Refusal(words.usage(), USAGE_EXIT);
  const { sql, format } = asked;
  return usingProject(settings, asked.project, locale, async (client, { id: projectId }) => {
    const params = { projectId };
    if (format === 'csv') {
      const request = { params, query: { format }, body: { sql } };
      await print(await client.download(exportRoutes.queryFile, request));
      return 0;
    }
    const table = await client.call(exportRoutes.query, { params, body: { sql } });
    console.log(format === 'json' ? tableJson(table) : tableText(table).join('\n'));
    if (table.isCut) console.error(words.cut(table.rows.length)[locale]);
    return 0;
  });
}

function readArguments(args: string[]): Asked | null {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { project: text, format: text },
      allowPositionals: true,
    });
    const [sql] = positionals;
    const format = FORMATS.find((one) => one === (values.format ?? 'table'));
    return sql === undefined || positionals.length > 1 || !format
      ? null
      : { sql, project: values.project ?? '', format };
  } catch {
    return null;
  }
}

async function print(answer: Response): Promise<void> {
  const bytes = answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([]);
  await pipeline(bytes, process.stdout, { end: false }).catch((cause: NodeJS.ErrnoException) => {
    // Whoever reads has seen enough, as `head` has.
    if (cause.code !== 'EPIPE') throw new UnreachableError({ cause });
  });
}

import { parseArgs } from 'node:util';
import { byteSize } from '@mallo/client';
import { type Locale, type ModelVersion, registryRoutes } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { fromHere } from '../terminal/from-here.js';
import { showProgress } from '../terminal/progress.js';
import { usingProject } from '../token/project.js';
import { downloadVersion } from './download.js';
import { words } from './words.js';

const USAGE = 2;

type Asked = { uri: string; folder: string | null; project: string; json: boolean };

/** Prints which version a `mallo://` URI means now, and with a folder downloads its files there. */
export async function model(args: string[], settings: Settings, locale: Locale): Promise<number> {
  const { uri, folder, project: name, json } = readArguments(args);
  return usingProject(settings, name, locale, async (client, project) => {
    const query = { uri, project: name ? project.id : undefined };
    const version = await client.call(registryRoutes.resolve, { query });
    if (folder !== null) {
      let line = '';
      const progress = showProgress(() => line);
      try {
        await downloadVersion(client, version, folder, (file, done, size) => {
          line = words.progress(file, byteSize(done), byteSize(size))[locale];
        });
      } finally {
        progress.stop();
      }
    }
    if (json) console.log(JSON.stringify(version, null, 2));
    else for (const line of linesOf(version, locale)) console.log(line);
    if (folder !== null) console.error(words.downloaded(version.artifacts.length, folder)[locale]);
    return 0;
  });
}

/** @throws Refusal */
function readArguments(args: string[]): Asked {
  try {
    const options = { project: { type: 'string', default: '' }, json: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [uri, folder, ...more] = positionals;
    if (uri !== undefined && more.length === 0) {
      return { uri, folder: folder === undefined ? null : fromHere(folder), ...values };
    }
  } catch {
    // An option that there is not.
  }
  throw new Refusal(words.usage(), USAGE);
}

function linesOf(version: ModelVersion, locale: Locale): string[] {
  const { artifacts, metrics, deprecation } = version;
  const sizes = artifacts.map(({ sizeBytes }) => byteSize(sizeBytes));
  const width = Math.max(0, ...sizes.map((size) => size.length));
  return [
    words.version(version)[locale],
    ...(deprecation === null ? [] : [words.deprecated(deprecation)[locale]]),
    ...Object.entries(metrics).map(([name, value]) => `  ${name} ${value}`),
    ...artifacts.map(({ name, sha256 }, at) => `  ${sha256}  ${sizes[at]?.padStart(width)}  ${name}`),
  ];
}

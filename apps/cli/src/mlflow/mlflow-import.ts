import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ApiError, UnreachableError } from '@mallo/client';
import type { Locale } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { fromHere } from '../terminal/from-here.js';
import { showProgress } from '../terminal/progress.js';
import { usingProject } from '../token/project.js';
import { DatabaseSource } from './database-source.js';
import { FolderSource } from './folder-source.js';
import { type Counts, Importer } from './importer.js';
import { MalloProject } from './mallo-project.js';
import { GatheredReport } from './report.js';
import { ServerSource } from './server-source.js';
import type { Report, Source } from './source.js';
import { words } from './words.js';

const EXIT = { same: 0, differs: 1, usage: 2 };

type Asked = { source: string; project: string; artifacts: string[]; token?: string; user?: string; password?: string };

/** Copies all of an MLflow into a project of the Mallo that runs. @returns 1 when not all of it is as it was there */
export async function mlflowImport(args: string[], settings: Settings, locale: Locale): Promise<number> {
  const asked = readArguments(args);
  if (!asked) throw new Refusal(words.usage(), EXIT.usage);
  const report = new GatheredReport();
  const source = await openSource(asked, report);
  try {
    return await usingProject(settings, asked.project, locale, async (owner, project, url) => {
      const into = await MalloProject.open(owner, project);
      console.error(words.begins(asked.source, project.name)[locale]);
      const importer = new Importer(source, into, report);
      const progress = showProgress(() => words.counts(importer.counts)[locale]);
      try {
        await importer.import();
      } finally {
        progress.stop();
        await into.close().catch(() => undefined);
      }
      tell(importer.counts, report, url, locale);
      return report.hasProblems ? EXIT.differs : EXIT.same;
    });
  } catch (error) {
    for (const line of report.lines(locale)) console.error(line);
    if (error instanceof ApiError || error instanceof UnreachableError) throw new Refusal(error.messages);
    throw error;
  } finally {
    source.close();
  }
}

function readArguments(args: string[]): Asked | null {
  const text = { type: 'string' } as const;
  const options = {
    project: text,
    token: text,
    user: text,
    password: text,
    artifacts: { ...text, multiple: true },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [source] = positionals;
    if (source === undefined || positionals.length > 1) return null;
    const { project = '', artifacts = [], ...credentials } = values;
    return { source, project, artifacts: artifacts.map((folder) => fromHere(folder)), ...credentials };
  } catch {
    return null;
  }
}

async function openSource(asked: Asked, report: Report): Promise<Source> {
  if (/^https?:\/\//i.test(asked.source)) return ServerSource.open(asked.source, asked, report);
  // As MLflow names them: sqlite:///mlflow.db, file:///…/mlruns
  const path = fromHere(asked.source.replace(/^(sqlite:\/\/\/|file:\/\/)/, ''));
  const found = await stat(path).catch(() => {
    throw new Refusal(words.noFolder(path));
  });
  if (found.isDirectory()) return FolderSource.open(path, asked.artifacts, report);
  return DatabaseSource.open(path, asked.artifacts, report);
}

function tell(counts: Counts, report: GatheredReport, url: string, locale: Locale): void {
  console.log(words.imported(words.counts(counts))[locale]);
  console.log(words.added(counts.newRuns, counts.newFiles, counts.newVersions)[locale]);
  for (const line of report.lines(locale)) console.error(line);
  if (report.hasProblems) console.error(words.again()[locale]);
  console.log(words.seeIt(`${url}/runs`)[locale]);
}

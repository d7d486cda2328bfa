import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ImportedVersion, Locale } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { fromHere } from '../terminal/from-here.js';
import { showProgress } from '../terminal/progress.js';
import { usingProject } from '../token/project.js';
import type { Shown } from './figures.js';
import { FolderWriter } from './folder-writer.js';
import { MalloProject } from './mallo-project.js';
import { GatheredReport } from './report.js';
import { ServerExport } from './server-export.js';
import { ServerSource } from './server-source.js';
import type { Owner, Report, SourceExperiment } from './source.js';
import { words } from './words.js';

const EXIT = { same: 0, differs: 1, usage: 2 };

type Asked = { project: string; token?: string; user?: string; password?: string } & (
  | { folder: string; server: null }
  | { folder: null; server: string }
);

/** Takes a project to an MLflow: a new `mlruns/` folder, or a server. @returns 1 when something had to be left out */
export async function mlflowExport(args: string[], settings: Settings, locale: Locale): Promise<number> {
  const asked = readArguments(args);
  if (!asked) throw new Refusal(words.exportUsage(), EXIT.usage);
  if (asked.folder !== null) await checkEmpty(asked.folder);
  const report = new GatheredReport();
  const there = asked.server === null ? null : await ServerSource.open(asked.server, asked, report);
  return usingProject(settings, asked.project, locale, async (owner, project) => {
    const from = await MalloProject.open(owner, project);
    console.error(words.exportBegins(project.name, asked.folder ?? asked.server)[locale]);
    const counts = newCounts();
    const progress = showProgress(() => words.counts(counts)[locale]);
    try {
      const source = await ServerSource.open(owner.baseUrl, { token: from.token }, report);
      if (there) await new ServerExport(source, there, counts, report).export();
      else if (asked.folder !== null) await writeFolder(asked.folder, source, counts, report);
    } catch (error) {
      for (const line of report.lines(locale)) console.error(line);
      throw error;
    } finally {
      progress.stop();
      await from.close().catch(() => undefined);
    }
    console.log(words.exported(words.counts(counts))[locale]);
    for (const line of report.lines(locale)) console.error(line);
    console.log((asked.folder === null ? words.seeIt(asked.server) : words.openExport(asked.folder))[locale]);
    return report.hasProblems ? EXIT.differs : EXIT.same;
  });
}

/** Writes an `mlruns/` folder, which is there once it is whole. */
async function writeFolder(folder: string, source: ServerSource, counts: Shown, report: Report): Promise<void> {
  const draft = `${folder}.mallo-export`;
  // Of an export that was killed.
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await new Exporter(source, new FolderWriter(draft, folder, report), counts).export();
  await rmdir(folder).catch(() => undefined);
  await rename(draft, folder);
}

function readArguments(args: string[]): Asked | null {
  const text = { type: 'string' } as const;
  const options = { project: text, to: text, token: text, user: text, password: text } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { project = '', to: server, ...credentials } = values;
    const [folder] = positionals;
    if (positionals.length + (server === undefined ? 0 : 1) !== 1) return null;
    if (folder !== undefined) return { folder: fromHere(folder), server: null, project };
    return server && /^https?:\/\//i.test(server) ? { folder: null, server, project, ...credentials } : null;
  } catch {
    return null;
  }
}

async function checkEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null));
  if (names === null || names.length > 0) throw new Refusal(words.notEmpty(folder));
}

function newCounts(): Shown {
  return { experiments: 0, runs: 0, points: 0, loggedModels: 0, files: 0, bytes: 0, models: 0, versions: 0 };
}

class Exporter {
  /** Whose files were written, by run or logged model, with their experiment. */
  private readonly written = new Map<string, { uri: string; files: number }>();

  constructor(
    private readonly source: ServerSource,
    private readonly writer: FolderWriter,
    private readonly counts: Shown,
  ) {}

  async export(): Promise<void> {
    for await (const experiment of this.source.experiments()) {
      await this.writer.experiment(experiment);
      this.counts.experiments += 1;
      for await (const run of this.source.runs(experiment)) {
        await this.writer.run(experiment, run);
        this.counts.points += await this.writer.points(experiment, run.id, this.source.points(run));
        await this.files(experiment, { kind: 'run', id: run.id }, run.id);
        this.counts.runs += 1;
      }
      for await (const model of this.source.loggedModels(experiment)) {
        await this.writer.loggedModel(experiment, model);
        await this.files(experiment, { kind: 'logged model', id: model.id }, `models/${model.id}`);
        this.counts.loggedModels += 1;
      }
    }
    for await (const model of this.source.registeredModels()) {
      const places = new Map<number, string | null>();
      for (const version of model.versions) places.set(version.number, await this.place(model.name, version));
      await this.writer.registeredModel(model, ({ number }) => places.get(number) ?? null);
      this.counts.models += 1;
      this.counts.versions += model.versions.length;
    }
  }

  private async files(experiment: SourceExperiment, owner: Owner, folder: string): Promise<void> {
    let files = 0;
    for await (const file of this.source.files(owner)) {
      if (!(await this.writer.artifacts(experiment, folder, file))) continue;
      this.counts.bytes += file.sizeBytes;
      files += 1;
    }
    this.counts.files += files;
    this.written.set(owner.id, { uri: this.writer.uri(experiment.id, ...folder.split('/'), 'artifacts'), files });
  }

  /** Where the files of a version are: those of its run or logged model, or its own beside it. */
  private async place(model: string, { number, files }: ImportedVersion): Promise<string | null> {
    const known = files && this.written.get(files.id);
    if (files && known && known.files > 0)
      return [known.uri, ...files.path.split('/').filter(Boolean).map(encodeURIComponent)].join('/');
    let own = 0;
    for await (const file of this.source.versionFiles(model, number)) {
      if (!(await this.writer.versionFile(model, number, file))) continue;
      this.counts.bytes += file.sizeBytes;
      own += 1;
    }
    this.counts.files += own;
    return own > 0 ? this.writer.versionUri(model, number) : null;
  }
}

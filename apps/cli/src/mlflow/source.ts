import type { Readable } from 'node:stream';
import type { ImportedExperiment, ImportedLoggedModel, ImportedModel, ImportedRun } from '@mallo/contracts';
import type { Sentence } from '../sentences.js';

export type SourceExperiment = ImportedExperiment & { id: string };
export type SourceRun = Omit<ImportedRun, 'experimentId'> & { id: string };
export type SourceLoggedModel = Omit<ImportedLoggedModel, 'experimentId'> & { id: string };
export type SourcePoint = { key: string; step: number; timeMs: number; value: number };
/** A file by its path from the artifact root of its run or logged model. */
export type SourceFile = { path: string; sizeBytes: number; open: () => Promise<Readable> };
/** Whose files or points are asked for. */
export type Owner = { kind: 'run' | 'logged model'; id: string };

/**
 * What an MLflow has, read as it is asked for. What cannot be read is told to the report that the source was opened with,
 * and passed over.
 */
export type Source = {
  experiments(): AsyncIterable<SourceExperiment>;
  runs(experiment: SourceExperiment): AsyncIterable<SourceRun>;
  /**
   * The points of a run, curve by curve.
   * @param isThere whether as many points of a curve are there already; a source that can count does not read these
   */
  points(run: SourceRun, isThere: (key: string, count: number) => boolean): AsyncIterable<SourcePoint>;
  /**
   * What is known of all points of a run without reading them, of a source that cannot count: while it stays the same, so
   * do they. Null as long as the run goes on.
   */
  pointsMark?(run: SourceRun): string | null;
  loggedModels(experiment: SourceExperiment): AsyncIterable<SourceLoggedModel>;
  files(owner: Owner): AsyncIterable<SourceFile>;
  registeredModels(): AsyncIterable<ImportedModel>;
  close(): void;
};

/** What was told while a source was read. */
export type Report = {
  /** Something is broken or refused; the rest goes on, and the program ends with a status that says so. */
  problem(what: string, sentence: Sentence): void;
  /** Something that Mallo has no place for. */
  leftOut(what: string, sentence: Sentence): void;
};

import type { MalloError, ModelSource, RunResult, TrainingConfig } from '@mallo/contracts';
import type { ZooEntry } from '@mallo/zoo';

/** A model, and what a training of it here needs. */
export type Description = {
  entry: ZooEntry;
  /** The Python package. */
  extra: string;
  /** Why no training can be started, as it is told to a person; null where one can. */
  missing: MalloError | null;
};

/** What a trainer is started with. */
export type Preparation = {
  /** A file of the trainer's `recipes` folder. */
  recipe: string;
  /** Its `config.json`: in snake case, paths relative to the file. */
  settings: Record<string, unknown>;
  /** A Python file of somebody's own, to be put beside it under this name. */
  code?: { file: string; sha256: string };
};

/** What every training tells at its end, whatever trained. */
export type Output = {
  result: RunResult;
  /** By which the best checkpoint was chosen: 0 to 1. */
  valAccuracy: number;
  /** In which it was computed, which may differ from what was asked for. */
  precision: string;
};

/**
 * How the models of one source are trained. Each source has one, `adapters.ts` lists them, and all that the rest of the
 * api knows of a source goes through it. `docs/adding-an-adapter.md` adds one from beginning to end.
 */
export interface ModelAdapter {
  readonly source: ModelSource;

  /** @throws MalloError model.unknown for a name that the source does not have */
  describe(name: string): Description;

  /**
   * A function of its arguments alone: the same training is prepared again after a crash.
   * @throws MalloError that of `describe`'s `missing`
   */
  prepare(config: TrainingConfig, dataFolder: string): Preparation;

  /** Reads the `metrics.json` of the recipe. @throws Error when it is not of the recipe's form */
  normalizeOutput(metricsJson: string): Output;
}

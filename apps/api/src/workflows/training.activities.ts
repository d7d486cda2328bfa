import { setTimeout as wait } from 'node:timers/promises';
import { MalloError, type Problem, type Run, type StepName } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Compute, ProcessEnds, type Report } from '../compute/compute.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { LOG } from '../settings.js';
import { CODE_FILE } from '../zoo/added/added-model.js';
import { ZooService } from '../zoo/zoo.service.js';

export type Outcome = { status: 'completed' } | { status: 'cancelled' } | { status: 'failed'; problem: Problem };

/** A person asked for the end of the run. */
class Cancelled extends Error {}

/** How often a step looks whether its run was cancelled: cancelling is to work within 5 seconds. */
const LOOK_EVERY_MS = 500;
const OPEN_AGAIN_MS = 2_000;

/** What the steps of a training do. Each is safe to do again from its beginning. */
@Injectable()
export class TrainingActivities {
  private readonly processEnds = new AbortController();

  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly runs: RunsService,
    private readonly datasets: DatasetsService,
    private readonly compute: Compute,
    private readonly registry: RegistryService,
    private readonly zoo: ZooService,
  ) {}

  /** Breaks off all that is under way, to be done again by the next process. */
  breakOff(): void {
    this.processEnds.abort(new ProcessEnds());
  }

  /**
   * Does one step and keeps its state in the run's record.
   * @throws whatever is worth another try; what is not is the outcome
   */
  attempt = async (
    runId: string,
    name: StepName,
    work: (runId: string, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    if (name === 'validate_dataset' ? !(await this.runs.begin(runId)) : !(await this.runs.mayGoOn(runId))) {
      return { status: 'cancelled' };
    }
    await this.runs.stepBegins(runId, name);
    const ends = new AbortController();
    const cancel = new AbortController();
    const watching = this.watchForCancel(runId, cancel, ends.signal);
    try {
      await work(runId, AbortSignal.any([signal, cancel.signal, this.processEnds.signal]));
      if (this.processEnds.signal.aborted) return await never();
      await this.runs.stepEnds(runId, name, 'completed');
      return { status: 'completed' };
    } catch (error) {
      if (this.processEnds.signal.aborted) return await never();
      // The engine has given this try up; what becomes of the step is decided there.
      if (signal.aborted) throw error;
      if (cancel.signal.aborted) {
        await this.runs.stepEnds(runId, name, 'cancelled');
        return { status: 'cancelled' };
      }
      if (!(error instanceof MalloError)) {
        this.log.error({ runId, step: name, err: error }, 'step failed');
        throw error;
      }
      await this.runs.stepEnds(runId, name, 'failed');
      return { status: 'failed', problem: error.toProblem() };
    } finally {
      ends.abort();
      await watching;
    }
  };

  validateDataset = async (runId: string, signal: AbortSignal): Promise<void> => {
    const { run } = await this.runs.record(runId);
    await this.datasets.verify(run.config.dataset.versionId, signal);
  };

  prepareModel = async (runId: string, signal: AbortSignal): Promise<void> => {
    const { run } = await this.runs.record(runId);
    await this.compute.prepare(run, this.reportFor(runId), signal);
  };

  allocateCompute = async (runId: string): Promise<void> => {
    const { run } = await this.runs.record(runId);
    await this.compute.allocate(run);
  };

  runTraining = async (runId: string, signal: AbortSignal): Promise<void> => {
    const { run } = await this.runs.record(runId);
    const ends = new AbortController();
    // Telemetry may be away: the training does not wait for it, and the sidecar keeps what there is to tell.
    const opening = this.openLive(runId, ends.signal);
    try {
      await this.compute.train(run, this.reportFor(runId), signal);
    } finally {
      ends.abort();
      await opening;
    }
  };

  registerModel = async (runId: string): Promise<void> => {
    const { run, transcript } = await this.runs.record(runId);
    const metrics = await this.runs.readArtifact(runId, 'metrics.json');
    const { result, valAccuracy, precision } = this.zoo.normalizeOutput(run.config, metrics);
    await this.runs.setResult(runId, result, valAccuracy);
    const { code } = run.config.model;
    const early = result.epochsDone < run.config.hyperparameters.epochs;
    if (early) await this.noteEarlyStop(runId, result.epochsDone);
    if (precision !== run.config.hyperparameters.precision) await this.notePrecision(run, precision);
    await this.registry.registerRun({
      runId,
      projectId: run.projectId,
      name: `${run.datasetName}-${run.modelName}`,
      taskType: run.config.taskType,
      architecture: code ? `${CODE_FILE}:${code.entry}` : run.modelName,
      config: run.config,
      configHash: run.configHash,
      datasetVersionSha256: await this.datasets.sha256Of(run.config.dataset.versionId),
      recipe: this.zoo.prepare(run.config, '').recipe,
      result,
      transcript,
      artifacts: (await this.runs.artifacts(runId)).filter((artifact) => artifact.name !== 'last.pth'),
    });
  };

  /** Ends the run whatever happened: its state, the sentence in the chat, the place it took. */
  releaseCompute = async (runId: string, outcome: Outcome): Promise<void> => {
    await this.runs.stepBegins(runId, 'release_compute');
    await this.runs.end(runId, outcome.status, outcome.status === 'failed' ? outcome.problem : null);
    await this.compute.release(runId, outcome.status === 'completed');
    await this.runs.stepEnds(runId, 'release_compute', 'completed');
  };

  private reportFor(runId: string): Report {
    return (key, notice) => this.runs.note(runId, key, notice);
  }

  private noteEarlyStop(runId: string, epochs: number): Promise<void> {
    return this.runs.note(runId, 'early_stopped', {
      code: 'early_stopped',
      message: {
        ko: `더 좋아지지 않아 ${epochs} 에폭에서 일찍 끝냈습니다.`,
        en: `Training ended early, after epoch ${epochs}, as it no longer improved.`,
      },
    });
  }

  private notePrecision(run: Run, precision: string): Promise<void> {
    const wanted = run.config.hyperparameters.precision;
    return this.runs.note(run.id, 'precision_fallback', {
      code: 'precision_fallback',
      message: {
        ko: `이 기기에서는 ${wanted} 대신 ${precision}로 학습했습니다.`,
        en: `This machine trained in ${precision} instead of ${wanted}.`,
      },
    });
  }

  private async watchForCancel(runId: string, cancel: AbortController, ends: AbortSignal): Promise<void> {
    while (!ends.aborted) {
      await wait(LOOK_EVERY_MS, undefined, { signal: ends }).catch(() => undefined);
      const goesOn = await this.runs.mayGoOn(runId).catch(() => true);
      if (!goesOn && !ends.aborted) cancel.abort(new Cancelled());
    }
  }

  private async openLive(runId: string, ends: AbortSignal): Promise<void> {
    while (!ends.aborted) {
      const opened = await this.runs.openLive(runId).then(
        () => true,
        () => false,
      );
      if (opened) return;
      await wait(OPEN_AGAIN_MS, undefined, { signal: ends }).catch(() => undefined);
    }
  }
}

/** A process that ends must not record an outcome, or the next one would take the step for done. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

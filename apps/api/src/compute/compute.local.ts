import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Tokens } from '@mallo/backend';
import { MalloError, type Run, type TrainingConfig } from '@mallo/contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { endOf } from '../background/python-process.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { fileSha256 } from '../objects/object-store.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import type { Preparation } from '../zoo/adapters/adapter.js';
import { ZooService } from '../zoo/zoo.service.js';
import { type Attempt, Attempts } from './attempts.js';
import { Compute, ProcessEnds, type Report } from './compute.js';
import { groupProcessorTime, signalGroup } from './process-group.js';
import { Sidecars } from './sidecars.js';
import { codeEnvironment, trainerEnvironment } from './trainer-environment.js';
import { lastProblem, outOfMemoryExit, readPrepared, resumedNotice, weightsNotice } from './trainer-report.js';

const run = promisify(execFile);

const LOOK_EVERY_MS = 500;
/** Without a line, a checkpoint or processor time for this long, a trainer is taken for stuck. */
const HEARTBEAT_MS = 5 * 60_000;
/** Attempts one after the other that end without a new checkpoint before the training is given up. */
const FRUITLESS_ATTEMPTS = 3;
/** How long the end of a run waits for its sidecar, which goes on by itself afterwards. */
const SIDECAR_WAIT_MS = 30_000;

/** Trainers as processes of this machine that outlive the api and are found again by it. */
@Injectable()
export class LocalCompute extends Compute implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly tokens: Tokens,
    private readonly datasets: DatasetsService,
    private readonly runs: RunsService,
    private readonly zoo: ZooService,
    private readonly sidecars: Sidecars,
  ) {
    super();
  }

  /** Sidecars that were cut off while delivering go on. */
  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.folder(), { recursive: true });
    for (const runId of await readdir(this.folder())) {
      if (await exists(join(this.folder(runId), 'trainer.done'))) {
        await this.writeSidecarConfig(runId);
        await this.sidecars.ensure(this.folder(runId));
      }
    }
  }

  /** With `MALLO_STOP_TRAINERS_ON_EXIT`, ends the trainers; the next start lets them go on from their checkpoints. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.settings.MALLO_STOP_TRAINERS_ON_EXIT) return;
    for (const runId of await this.runs.unfinished()) await this.stop(runId);
    this.sidecars.stopAll();
  }

  allocate({ id, config }: Run): Promise<void> {
    return this.makeFolder(id, config);
  }

  private async makeFolder(id: string, config: TrainingConfig): Promise<void> {
    await access(this.python()).catch(() => {
      throw new MalloError('training.python_missing');
    });
    await mkdir(join(this.folder(id), 'output'), { recursive: true });
    for (const log of ['stdout.log', 'stderr.log']) await (await open(join(this.folder(id), log), 'a')).close();
    const { settings, code } = this.prepared(config);
    if (code) await replaceFile(join(this.folder(id), code.file), await this.zoo.codeOf(code.sha256));
    await replaceFile(join(this.folder(id), 'config.json'), JSON.stringify(settings, null, 2));
    await this.writeSidecarConfig(id);
  }

  async prepare({ id, config }: Run, report: Report, signal: AbortSignal): Promise<void> {
    await this.makeFolder(id, config);
    // With a problem it ends with a status that is not 0, and the problem in its answer.
    const { stdout } = await run(this.python(), ['-m', 'mallo_trainer.prepare', 'config.json'], {
      cwd: this.folder(id),
      env: environmentFor(config),
      signal,
    }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      if (signal.aborted) throw signal.reason;
      if (error.stdout) return { stdout: error.stdout };
      throw new Error(`prepare failed: ${error.stderr?.slice(-2000) ?? ''}`, { cause: error });
    });
    const { weights } = readPrepared(stdout, config);
    if (config.hyperparameters.pretrained) await report('weights', weightsNotice(weights));
  }

  async train({ id }: Run, report: Report, signal: AbortSignal): Promise<void> {
    await this.writeSidecarConfig(id);
    // Of a step that was cut off after its trainer had ended: the sidecar has more to deliver.
    for (const mark of ['trainer.done', 'sidecar.done']) await rm(join(this.folder(id), mark), { force: true });
    const attempts = this.attempts(id);
    const sign = new SignOfLife(this.folder(id), attempts);
    for (;;) {
      if (signal.aborted) {
        if (!(signal.reason instanceof ProcessEnds)) await this.stop(id);
        throw signal.reason;
      }
      const tried = await attempts.list();
      const last = tried.at(-1);
      if (last?.exitCode === 0) break;
      if (!last?.alive) await this.startNext(id, tried, report);
      else if (await sign.isMissing(last)) {
        this.log.warn({ runId: id, attempt: last.number }, 'no sign of life, stopping the trainer');
        await replaceFile(join(last.folder, 'stuck'), '');
        signalGroup(last.leader as number, 'SIGKILL');
      }
      await this.sidecars.ensure(this.folder(id));
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    await replaceFile(join(this.folder(id), 'trainer.done'), '0');
    await this.keepOutput(id, signal);
  }

  async release(runId: string, succeeded: boolean): Promise<void> {
    if (!(await exists(this.folder(runId)))) return;
    await this.stop(runId);
    const code = (await this.attempts(runId).list()).at(-1)?.exitCode ?? 1;
    await replaceFile(join(this.folder(runId), 'trainer.done'), String(succeeded ? 0 : code || 1));
    await this.letSidecarFinish(runId);
    // Its files are in the object store now; the log and the config stay.
    if (succeeded && (await this.sidecars.isDone(this.folder(runId)))) {
      await rm(join(this.folder(runId), 'output'), { recursive: true, force: true });
    }
  }

  heldBytes(runId: string): Promise<number> {
    return bytesIn(this.folder(runId));
  }

  async remove(runId: string): Promise<number> {
    await this.stop(runId);
    const bytes = await bytesIn(this.folder(runId));
    await rm(this.folder(runId), { recursive: true, force: true });
    return bytes;
  }

  /** The next attempt, unless the last one ended in a way that another one would repeat. */
  private async startNext(id: string, tried: Attempt[], report: Report): Promise<void> {
    const last = tried.at(-1);
    const checkpointMs = await this.attempts(id).checkpointMs();
    if (last && !last.stopped) {
      const interrupted = last.exitCode === null || last.exitCode > 128;
      const output = await tail(join(this.folder(id), 'stdout.log'));
      if (!interrupted) throw await this.failure(id, output, last);
      const fruitless = tried.filter((attempt) => !attempt.stopped && attempt.beganFromMs === Math.round(checkpointMs));
      if (fruitless.length >= FRUITLESS_ATTEMPTS) throw await this.failure(id, output, last);
    }
    const number = (last?.number ?? 0) + 1;
    if (last) await report(`resumed-${number}`, resumedNotice(await tail(join(this.folder(id), 'stdout.log'))));
    const { config } = (await this.runs.record(id)).run;
    // The config's full path is in the command line, by which the process is recognised later.
    const command = [this.python(), this.recipe(config), join(this.folder(id), 'config.json')];
    await this.attempts(id).start(number, command, environmentFor(config));
    this.log.info({ runId: id, attempt: number }, 'trainer started');
  }

  private async failure(id: string, output: string, last: Attempt): Promise<MalloError> {
    const errors = await tail(join(this.folder(id), 'stderr.log'));
    if (await exists(join(last.folder, 'stuck'))) {
      return new MalloError('training.stuck', { minutes: HEARTBEAT_MS / 60_000 });
    }
    if (outOfMemoryExit(last.exitCode)) return new MalloError('training.out_of_memory');
    const lastLine = errors.trimEnd().split('\n').at(-1)?.slice(0, 300);
    const end = endOf({ code: last.exitCode, killedBy: null });
    return lastProblem(output) ?? new MalloError('training.failed', { problem: lastLine || end });
  }

  /** Every file of the output is kept, whether or not the sidecar came to it, and what it was made by. */
  private async keepOutput(id: string, signal: AbortSignal): Promise<void> {
    const kept = new Map((await this.runs.artifacts(id)).map((artifact) => [artifact.name, artifact.sha256]));
    const output = join(this.folder(id), 'output');
    const files = (await readdir(output, { withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name !== 'last.pth' && !entry.name.startsWith('.'))
      .map((entry) => join(output, entry.name));
    const { config } = (await this.runs.record(id)).run;
    for (const path of [...files, join(this.folder(id), 'config.json'), this.recipe(config)]) {
      const sha256 = await fileSha256(path, signal);
      const name = basename(path);
      if (kept.get(name) !== sha256) await this.runs.putArtifact(id, name, sha256, createReadStream(path));
    }
  }

  /** Waits a little for the last of the log; a sidecar that needs longer goes on without us. */
  private async letSidecarFinish(id: string): Promise<void> {
    const deadline = Date.now() + SIDECAR_WAIT_MS;
    while (!(await this.sidecars.isDone(this.folder(id))) && Date.now() < deadline) {
      await this.sidecars.ensure(this.folder(id));
      await wait(100);
    }
  }

  private async stop(id: string): Promise<void> {
    if (!(await exists(this.folder(id)))) return;
    const last = (await this.attempts(id).list()).at(-1);
    if (last) await this.attempts(id).stop(last);
  }

  private async writeSidecarConfig(runId: string): Promise<void> {
    const token = await this.tokens.sign({ kind: 'run', runId });
    const apiUrl = this.settings.API_URL ?? `http://127.0.0.1:${this.settings.PORT}`;
    const config = { runId, token, apiUrl, telemetryUrl: this.settings.TELEMETRY_URL };
    await replaceFile(join(this.folder(runId), 'sidecar.json'), JSON.stringify(config), 0o600);
  }

  private attempts(id: string): Attempts {
    return new Attempts(this.folder(id), join(this.folder(id), 'output', 'last.pth'));
  }

  /** All runs' folder, or one run's. The id comes from the database, never from a request. */
  private folder(runId = ''): string {
    return join(this.settings.MALLO_HOME, 'runs', runId);
  }

  private recipe(config: TrainingConfig): string {
    return join(this.settings.TRAINER_FOLDER, 'recipes', this.prepared(config).recipe);
  }

  private prepared(config: TrainingConfig): Preparation {
    return this.zoo.prepare(config, this.datasets.folderOf(config.dataset.versionId));
  }

  private python(): string {
    return join(this.settings.TRAINER_FOLDER, '.venv', 'bin', 'python');
  }
}

/** Watches that a trainer writes, or at least works. */
class SignOfLife {
  private seenMs = Date.now();
  private seen = '';

  constructor(
    private readonly folder: string,
    private readonly attempts: Attempts,
  ) {}

  async isMissing(attempt: Attempt): Promise<boolean> {
    const written = await stat(join(this.folder, 'stdout.log'));
    const sign = [attempt.number, written.size, await this.attempts.checkpointMs()].join(' ');
    if (sign !== this.seen) {
      this.seen = sign;
      this.seenMs = Date.now();
    }
    if (Date.now() - this.seenMs < HEARTBEAT_MS) return false;
    // A slow machine may take longer than that for one batch of a large model: then it is working hard.
    const before = await groupProcessorTime(attempt.leader as number);
    await wait(LOOK_EVERY_MS);
    return (await groupProcessorTime(attempt.leader as number)) === before;
  }
}

function environmentFor({ model }: TrainingConfig): NodeJS.ProcessEnv {
  return model.code ? codeEnvironment() : trainerEnvironment();
}

/** The bytes of all files of a folder; 0 where it is none. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(orMissing([]));
  const files = entries.filter((entry) => entry.isFile());
  // Of a training that goes on files come and go meanwhile.
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name)).catch(orMissing(null)))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What to go on with where a file is not there. */
function orMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes a file so that a reader sees the old content or the new, never a part. */
async function replaceFile(path: string, content: string, mode = 0o644): Promise<void> {
  await writeFile(`${path}.new`, content, { mode, flush: true });
  await rename(`${path}.new`, path);
}

/** The last part of a text file. */
async function tail(path: string, bytes = 65_536): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

import { constants } from 'node:fs';
import { copyFile, link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Conversion, ConversionWish, Id, Job, type ModelRegistration, type ModelVersion } from '@mallo/contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { BackgroundJobs, type JobRecord, type Report } from '../background/background-jobs.js';
import { pythonOf } from '../background/python-process.js';
import { askShutIn } from '../background/shut-in-python.js';
import { ObjectStore } from '../objects/object-store.js';
import { RegistrationsService } from '../registry/registrations.service.js';
import { RegistryService, refOf } from '../registry/registry.service.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { type Answer, detailsOf, problemOf, readAnswer } from './conversion-answer.js';
import { type Plan, planOf } from './conversion-plan.js';

/** Processor time. */
const SECONDS = 600;
/** Libraries alone take half of this as address space; a model is held several times while it is written. */
const MEMORY_BYTES = 8_000_000_000;
const MEMORY_TIMES = 6;
const STEPS = 2;

const Input = z.strictObject({ userId: Id, modelId: Id, version: z.string(), wish: ConversionWish });
const Details = Conversion.pick({ made: true, wouldRun: true, missing: true, unexpected: true });
type Input = z.infer<typeof Input>;
type Details = z.infer<typeof Details>;
const NOTHING: Details = { made: null, wouldRun: [], missing: [], unexpected: [] };

/** Turns PyTorch weights into ONNX, in a process that is shut in, and registers the result as a new patch version. */
@Injectable()
export class ConversionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly jobs: BackgroundJobs<Input, Details>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) log: Logger,
    private readonly store: ObjectStore,
    private readonly uploads: UploadsService,
    private readonly registry: RegistryService,
    private readonly registrations: RegistrationsService,
  ) {
    const folder = join(settings.MALLO_HOME, 'jobs', 'conversions');
    const schema = Job.extend({ input: Input, details: Details });
    this.jobs = new BackgroundJobs(folder, schema, NOTHING, log, (...job) => this.convert(...job));
  }

  onApplicationBootstrap(): Promise<void> {
    return this.jobs.resume();
  }

  onModuleDestroy(): void {
    this.jobs.end();
  }

  /** @throws MalloError model.not_found */
  async state(userId: string, modelId: string, version: string): Promise<Conversion> {
    const { id } = await this.registry.version(userId, modelId, version);
    return shown(await this.jobs.get(id));
  }

  /**
   * Begins to convert a version; where that is under way, it goes on.
   * @throws MalloError model.not_found, training.python_missing, and those of `planOf`
   */
  async start(userId: string, modelId: string, version: string, wish: ConversionWish): Promise<Conversion> {
    const found = await this.registry.version(userId, modelId, version);
    planOf(found, wish);
    await pythonOf(this.settings.TRAINER_FOLDER);
    return shown(await this.jobs.start(found.id, { userId, modelId, version, wish }));
  }

  /** Ends the conversion of a version, if one is under way. @throws MalloError model.not_found */
  async cancel(userId: string, modelId: string, version: string): Promise<Conversion> {
    const { id } = await this.registry.version(userId, modelId, version);
    return shown(await this.jobs.cancel(id));
  }

  private async convert(input: Input, report: Report<Details>, signal: AbortSignal): Promise<void> {
    const source = await this.registry.version(input.userId, input.modelId, input.version);
    const plan = planOf(source, input.wish);
    const { projectId, modelName } = source;
    const purpose = `conversion ${source.id}`;
    await this.uploads.freeAdopted(purpose);
    signal.throwIfAborted();
    const { key, version } = await this.registrations.madeAs(input.userId, projectId, modelName, plan.name);
    if (version) return report({ details: { ...NOTHING, made: refOf(version) } });
    await report({ steps: STEPS });
    const folder = this.store.temporaryPath();
    try {
      const answer = await this.run(source, plan, folder, report, signal);
      signal.throwIfAborted();
      await report({ step: 1 });
      const onnx = { path: join(folder, 'output', 'model.onnx'), name: 'model.onnx' };
      const files = [...(await this.filesOf(source, folder)), onnx];
      const uploads = await this.uploads.adopt(input.userId, purpose, files);
      const wish = registrationOf(source, plan, answer, { files: uploads, key });
      const made = await this.registrations.register(input.userId, projectId, wish, source);
      await report({ details: { ...NOTHING, made: refOf(made) } });
    } finally {
      await this.uploads.freeAdopted(purpose);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Has Python write model.onnx into the folder's `output`. @throws MalloError why it could not */
  private async run(
    source: ModelVersion,
    plan: Plan,
    folder: string,
    report: Report<Details>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const pathOf = async (name: string) => (await this.registry.artifactFile(source, name)).path;
    const limits = {
      memoryBytes: MEMORY_BYTES + MEMORY_TIMES * plan.weights.sizeBytes,
      seconds: SECONDS,
      fileBytes: 2 * plan.weights.sizeBytes + 100_000_000,
    };
    const asked = {
      weights: await pathOf(plan.weights.name),
      architecture: plan.architecture,
      code: plan.code && (await pathOf(plan.code.name)),
      input_shape: plan.inputShape,
    };
    const call = { module: 'mallo_trainer.convert', folder, asked, limits, signal };
    const end = await askShutIn(this.settings.TRAINER_FOLDER, call);
    const answer = readAnswer(end.lastLine);
    const subject = { weights: plan.weights.name, code: plan.code?.name ?? null, architecture: plan.architecture };
    const problem = problemOf(answer, end, subject, limits);
    if (!problem && answer) return answer;
    await report({ details: { ...NOTHING, ...detailsOf(answer) } });
    throw problem ?? new Error('no answer');
  }

  /** The files of a version under names of their own, which cost no space. */
  private async filesOf(source: ModelVersion, folder: string): Promise<{ path: string; name: string }[]> {
    const files: { path: string; name: string }[] = [];
    for (const [at, { name }] of source.artifacts.entries()) {
      const { path: blob } = await this.registry.artifactFile(source, name);
      const path = join(folder, String(at));
      await link(blob, path).catch((error: NodeJS.ErrnoException) => {
        // From a folder of FALLBACK_PATH on another disk.
        if (error.code !== 'EXDEV') throw error;
        return copyFile(blob, path, constants.COPYFILE_FICLONE);
      });
      files.push({ path, name });
    }
    return files;
  }
}

function registrationOf(
  source: ModelVersion,
  plan: Plan,
  answer: Answer,
  given: Pick<ModelRegistration, 'files' | 'key'>,
): ModelRegistration {
  const { modelName: name, version, framework, classNames, metrics, memo } = source;
  const { taskType, architecture } = plan;
  return {
    ...{ name, bump: 'patch', framework, taskType, metrics, madeFrom: version, architecture },
    inputShape: answer.input_shape ?? plan.inputShape,
    ...(classNames ? { classNames } : {}),
    memo,
    ...given,
  };
}

function shown(record: JobRecord<Input, Details> | null): Conversion {
  if (!record) return { state: 'idle', step: 0, steps: 0, error: null, ...NOTHING };
  const { input: _, details, ...job } = record;
  return { ...job, ...details };
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoModels, Id, Job, MalloError, type ModelRegistration, type ModelVersion } from '@mallo/contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { BackgroundJobs, type JobRecord, type Report } from '../background/background-jobs.js';
import { endOf, pythonOf, runPython, tookLongerThan } from '../background/python-process.js';
import { trainerEnvironment } from '../compute/trainer-environment.js';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { AliasesService } from '../registry/aliases.service.js';
import { RegistrationsService } from '../registry/registrations.service.js';
import { refOf } from '../registry/registry.service.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { readDemoFiles } from './demo-files.js';
import { DEMO_FAMILIES, DEMO_VERSIONS, type DemoVersion } from './demo-plan.js';

/** All of it takes a minute on two cores. */
const LIMIT_SECONDS = 30 * 60;

const Input = z.strictObject({ userId: Id, projectId: Id });
const Details = DemoModels.pick({ doing: true, made: true });
type Input = z.infer<typeof Input>;
type Details = z.infer<typeof Details>;

/** Models to try things out with: trained here, in the background, and registered like anybody's. */
@Injectable()
export class DemoModelsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly jobs: BackgroundJobs<Input, Details>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) log: Logger,
    private readonly projects: ProjectsService,
    private readonly store: ObjectStore,
    private readonly uploads: UploadsService,
    private readonly registrations: RegistrationsService,
    private readonly aliases: AliasesService,
  ) {
    const folder = join(settings.MALLO_HOME, 'jobs', 'demo-models');
    const schema = Job.extend({ input: Input, details: Details });
    const blank = { doing: null, made: [] };
    this.jobs = new BackgroundJobs(folder, schema, blank, log, (...job) => this.make(...job));
  }

  onApplicationBootstrap(): Promise<void> {
    return this.jobs.resume();
  }

  onModuleDestroy(): void {
    this.jobs.end();
  }

  /** @throws MalloError project.not_found */
  async state(userId: string, projectId: string): Promise<DemoModels> {
    await this.projects.get(userId, projectId);
    return shown(await this.jobs.get(projectId));
  }

  /**
   * Begins to make what is missing of them; where that is under way already, it goes on.
   * @throws MalloError project.not_found, training.python_missing
   */
  async start(userId: string, projectId: string): Promise<DemoModels> {
    await this.projects.get(userId, projectId);
    await pythonOf(this.settings.TRAINER_FOLDER);
    return shown(await this.jobs.start(projectId, { userId, projectId }));
  }

  /** Ends the making of them; versions that are registered stay. @throws MalloError project.not_found */
  async cancel(userId: string, projectId: string): Promise<DemoModels> {
    await this.projects.get(userId, projectId);
    return shown(await this.jobs.cancel(projectId));
  }

  private async make(input: Input, report: Report<Details>, signal: AbortSignal): Promise<void> {
    const made = new Map<string, ModelVersion>();
    const tell = (doing: Details['doing'], trained = 0) =>
      report({
        ...{ step: 2 * made.size + trained, steps: 2 * DEMO_VERSIONS.length },
        details: { doing, made: [...made.values()].map(refOf) },
      });
    for (const demo of DEMO_VERSIONS) {
      await this.uploads.freeAdopted(purposeOf(input, demo));
      const { version } = await this.registered(input, demo);
      if (version) made.set(demo.name, version);
    }
    signal.throwIfAborted();
    const missing = DEMO_VERSIONS.filter(({ name }) => !made.has(name));
    await tell(null);
    try {
      await this.train(missing, signal, async (demo, folder) => {
        const doing = { family: demo.family, version: demo.version };
        if (folder === null) return tell({ what: 'train', ...doing });
        await tell({ what: 'register', ...doing }, 1);
        made.set(demo.name, await this.register(input, demo, folder));
      });
    } finally {
      await tell(null);
    }
    for (const demo of DEMO_VERSIONS) {
      const version = made.get(demo.name);
      // The first becomes the champion, then the second, and the first what to fall back to; the third waits.
      if (version && demo.version < 3) await this.promote(input, version);
    }
  }

  /** Trains versions one after the other; `tell` hears when one begins, and gets the folder when one is there. */
  private async train(
    versions: DemoVersion[],
    signal: AbortSignal,
    tell: (demo: DemoVersion, folder: string | null) => Promise<void>,
  ): Promise<void> {
    if (versions.length === 0) return;
    const folder = this.store.temporaryPath();
    await mkdir(folder);
    let problem = '';
    try {
      const end = await runPython(this.settings.TRAINER_FOLDER, {
        args: ['mallo_trainer.demo_models', folder, ...versions.map(({ name }) => name)],
        cwd: this.settings.TRAINER_FOLDER,
        env: trainerEnvironment(),
        limitSeconds: LIMIT_SECONDS,
        signal,
        onLine: async (line) => {
          const [, kind, name] = /^(train|made) name=(\S+)/.exec(line) ?? [];
          const demo = versions.find((one) => one.name === name);
          if (line.startsWith('error ')) problem = line.replace(/^.*? message=/, '').slice(0, 300);
          if (demo && !signal.aborted) await tell(demo, kind === 'made' ? join(folder, demo.name) : null);
        },
      });
      if (end.tookTooLong) throw new MalloError('demo.failed', { problem: tookLongerThan(LIMIT_SECONDS) });
      if (end.code !== 0) throw new MalloError('demo.failed', { problem: problem || end.lastWords || endOf(end) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async register(input: Input, demo: DemoVersion, folder: string): Promise<ModelVersion> {
    const { files, ...said } = await readDemoFiles(folder);
    const purpose = purposeOf(input, demo);
    const uploads = await this.uploads.adopt(input.userId, purpose, files);
    const { key } = await this.registered(input, demo);
    const wish: ModelRegistration = {
      ...{ ...DEMO_FAMILIES[demo.family], bump: 'minor', framework: 'pytorch', files: uploads, key },
      // What model.onnx takes: any number of images, of any size.
      ...{ inputShape: [-1, -1, -1, 3], ...said },
    };
    try {
      return await this.registrations.register(input.userId, input.projectId, wish);
    } finally {
      await this.uploads.freeAdopted(purpose);
    }
  }

  private registered({ userId, projectId }: Input, { name, family }: DemoVersion) {
    return this.registrations.madeAs(userId, projectId, DEMO_FAMILIES[family].name, `demo-${name}`);
  }

  private async promote({ userId }: Input, { id, modelId, version }: ModelVersion): Promise<void> {
    const wish = { version, alias: 'champion', reason: 'demo', key: `demo ${id}` };
    await this.aliases.promote(userId, modelId, wish);
  }
}

/** What the files of a version are adopted for. */
function purposeOf({ projectId }: Input, { name }: DemoVersion): string {
  return `demo ${projectId} ${name}`;
}

function shown(record: JobRecord<Input, Details> | null): DemoModels {
  if (!record) return { state: 'idle', step: 0, steps: 0, error: null, doing: null, made: [] };
  const { input: _, details, ...job } = record;
  return { ...job, ...details, doing: job.state === 'running' ? details.doing : null };
}

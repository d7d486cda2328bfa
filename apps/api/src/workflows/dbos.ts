import { randomBytes } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { MalloError } from '@mallo/contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunsService } from '../experiments/runs.service.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import type { Steps } from './steps.js';
import { never, TrainingActivities } from './training.activities.js';
import { trainingWorkflow } from './training.workflow.js';

/**
 * Workflows are taken up again by processes of the same version only. It changes by hand, when the order of the
 * steps changes: by default it is a hash of the code, and every upgrade would strand the trainings under way.
 */
const WORKFLOW_VERSION = 'training-1';
const QUEUE = 'trainings';

/** Runs trainings by DBOS Transact: their state is in PostgreSQL, and they go on where the last process stopped. */
@Injectable()
export class DbosWorkflows implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly training: (runId: string) => Promise<void>;
  private ends = false;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly runs: RunsService,
    private readonly activities: TrainingActivities,
  ) {
    DBOS.setConfig({
      name: 'mallo',
      systemDatabaseUrl: withIdleLimit(settings.DATABASE_URL),
      systemDatabaseSchemaName: 'dbos',
      applicationVersion: WORKFLOW_VERSION,
      executorID: 'api',
      logger: {
        info: (entry) => log.debug({ part: 'dbos' }, String(entry)),
        debug: (entry) => log.trace({ part: 'dbos' }, String(entry)),
        warn: (entry) => log.warn({ part: 'dbos' }, String(entry)),
        error: (entry) => log.error({ part: 'dbos', err: entry }, 'dbos'),
      },
    });
    this.training = DBOS.registerWorkflow((runId: string) => trainingWorkflow(runId, this.steps(), this.activities), {
      name: 'training',
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await DBOS.launch();
    await DBOS.registerQueue(QUEUE, {
      globalConcurrency: this.settings.MALLO_CONCURRENT_TRAININGS,
      minPollingIntervalMs: 200,
      onConflict: 'always_update',
    });
    // A process may have died between the record of a run and its workflow.
    for (const runId of await this.runs.unfinished()) await this.start(runId);
  }

  async onModuleDestroy(): Promise<void> {
    this.ends = true;
    this.activities.breakOff();
    await DBOS.shutdown({ deregister: true });
  }

  /** Puts a run in line; a run that is in line, under way or ended stays as it is. */
  async start(runId: string): Promise<void> {
    await DBOS.startWorkflow(this.training, { workflowID: runId, queueName: QUEUE })(runId);
  }

  private steps(): Steps {
    return {
      run: async (name, policy, work) => {
        try {
          return await DBOS.runStep(() => work(DBOS.stepStatus?.timeoutSignal ?? new AbortController().signal), {
            name,
            timeoutMS: policy.timeoutSeconds * 1000,
            retriesAllowed: policy.maxAttempts > 1,
            maxAttempts: policy.maxAttempts,
          });
        } catch (error) {
          // A step that ended too late to be kept is no failure: the next process does it again.
          if (this.ends) return await never();
          // Also after a restart, when the error is one that was read from the database.
          const message = error instanceof Error ? error.message : String(error);
          if (message.includes('timed out after')) {
            const minutes = policy.timeoutSeconds / 60;
            return {
              status: 'failed',
              problem: new MalloError('training.timeout', { step: name, minutes }).toProblem(),
            };
          }
          const traceId = randomBytes(6).toString('hex');
          this.log.error({ step: name, traceId, err: error }, 'step given up');
          return { status: 'failed', problem: new MalloError('server.unexpected', { traceId }).toProblem() };
        }
      },
    };
  }
}

/**
 * The address of the database with DBOS's own limit of a transaction that does nothing. Without it in the address, DBOS
 * sets it on each new connection beside the first question that is asked there, of which `pg` warns.
 */
function withIdleLimit(address: string): string {
  const url = new URL(address);
  const options = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `-c idle_in_transaction_session_timeout=60000 ${options}`.trim());
  return url.href;
}

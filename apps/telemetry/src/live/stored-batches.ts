import type { OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { eventsOf } from '../points/batch.js';
import type { PointStore } from '../points/point-store.js';
import type { RemoteWrite } from '../remote-write/remote-write.js';
import type { LiveRepository } from './live.repository.js';
import type { OtherInstances } from './other-instances.js';
import type { Presence } from './presence.js';
import type { ProjectFeed } from './project-feed.js';
import type { RunFeed } from './run-feed.js';
import { RunProjects } from './run-projects.js';

const LOOK_EVERY_MS = 1_000;
/** Redis may lose what is told; so while it is there, the database is still asked now and then: each so many times. */
const LOOK_WITH_REDIS_EACH = 10;

export type Outlets = {
  points: PointStore;
  repository: LiveRepository;
  runs: RunFeed;
  projects: ProjectFeed;
  presence: Presence;
  others: OtherInstances | null;
  remoteWrite: RemoteWrite | null;
  log: Logger;
};

/** Hands each batch that was stored, here or by another instance, to whoever has to know. */
export class StoredBatches implements OnModuleDestroy {
  private readonly runProjects: RunProjects;
  private readonly timer: NodeJS.Timeout | undefined;
  private times = 0;

  constructor(private readonly to: Outlets) {
    const { points, repository, others, presence, runs } = to;
    this.runProjects = new RunProjects((runId) => repository.projectOf(runId));
    points.onAppended((runId, seqBefore, { payload }) => this.storedHere(runId, seqBefore, payload));
    if (!others) return;
    others.on({
      stored: (projectId, runId, seqBefore, payload) => this.storedElsewhere(projectId, runId, seqBefore, payload),
      watchersChanged: (runId) => presence.changedElsewhere(runId),
      missed: () => {
        for (const runId of runs.watchedRuns) runs.published(runId, []);
      },
    });
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private storedHere(runId: string, seqBefore: number, payload: Buffer): void {
    const { runs, projects, others, remoteWrite, log } = this.to;
    if (runs.isWatched(runId)) runs.published(runId, eventsOf(payload, seqBefore + 1));
    if (!others && !remoteWrite && !projects.isWatched) return;
    const tell = (projectId: string) => {
      projects.stored(projectId, runId, payload);
      others?.stored(projectId, runId, seqBefore, payload);
      remoteWrite?.stored({ runId, projectId }, payload);
    };
    this.runProjects.tell(runId, tell, (err) => log.warn({ err }, 'of which project a run is, is not known'));
  }

  private storedElsewhere(projectId: string, runId: string, seqBefore: number, payload: Buffer | null): void {
    const { runs, projects } = this.to;
    if (payload) projects.stored(projectId, runId, payload);
    if (runs.isWatched(runId)) runs.published(runId, payload ? eventsOf(payload, seqBefore + 1) : []);
  }

  /** Asks the database whether others stored what nobody told of. */
  private look(): void {
    const { runs, repository, others, log } = this.to;
    this.times += 1;
    if (others?.isUp && this.times % LOOK_WITH_REDIS_EACH !== 0) return;
    const watched = runs.watchedRuns;
    if (watched.length === 0) return;
    repository.seqs(watched).then(
      (seqs) => {
        for (const { runId, seq } of seqs) runs.committed(runId, seq);
      },
      (err: unknown) => log.warn({ err }, 'what other instances stored is not known'),
    );
  }
}

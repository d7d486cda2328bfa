import { OperatorMetrics, type VerifyToken } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { PointStore } from '../points/point-store.js';
import { RemoteWrite } from '../remote-write/remote-write.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { FeedMetrics } from './feed.metrics.js';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';
import { LiveRepository } from './live.repository.js';
import { LiveServer } from './live.server.js';
import { LiveService } from './live.service.js';
import { OtherInstances } from './other-instances.js';
import { Presence } from './presence.js';
import { ProjectFeed } from './project-feed.js';
import { RunFeed } from './run-feed.js';
import { StoredBatches } from './stored-batches.js';

type LiveOptions = {
  verify: VerifyToken;
  ownUrl: string;
  redisUrl: string | undefined;
  remoteWriteUrl: string | undefined;
  /** Which gives `ProjectsService`. */
  tracking: DynamicModule;
  log: Logger;
};

class LiveModule {}

/** Storing what runs report, and the live stream of it. */
export function liveModule({ verify, ownUrl, redisUrl, remoteWriteUrl, tracking, log }: LiveOptions): DynamicModule {
  const others = {
    provide: OtherInstances,
    inject: [OperatorMetrics],
    useFactory: (metrics: OperatorMetrics) => (redisUrl ? new OtherInstances(redisUrl, metrics, log) : null),
  };
  const remoteWrite = {
    provide: RemoteWrite,
    inject: [OperatorMetrics],
    useFactory: (metrics: OperatorMetrics) => (remoteWriteUrl ? new RemoteWrite(remoteWriteUrl, metrics, log) : null),
  };
  const presence = {
    provide: Presence,
    inject: [LiveServer, OtherInstances],
    useFactory: (server: LiveServer, others: OtherInstances | null) =>
      new Presence((runId, watchers) => server.sendPresence(runId, watchers), others),
  };
  const runs = {
    provide: RunFeed,
    inject: [PointStore, LiveServer, FeedMetrics],
    useFactory: (points: PointStore, server: LiveServer, metrics: FeedMetrics) =>
      new RunFeed(
        (runId, after, limit) => points.events(runId, after, limit),
        (runId, events) => server.sendEvents(runId, events),
        metrics,
        log,
      ),
  };
  const projects = {
    provide: ProjectFeed,
    inject: [LiveRepository],
    useFactory: (repository: LiveRepository) =>
      new ProjectFeed(
        {
          changed: (projectId, afterMs, overlapMs) => repository.changedRuns(projectId, afterMs, overlapMs),
          of: (runIds) => repository.records(runIds),
        },
        log,
      ),
  };
  const storedBatches = {
    provide: StoredBatches,
    inject: [PointStore, LiveRepository, RunFeed, ProjectFeed, Presence, OtherInstances, RemoteWrite],
    useFactory: (
      points: PointStore,
      repository: LiveRepository,
      runs: RunFeed,
      projects: ProjectFeed,
      presence: Presence,
      others: OtherInstances | null,
      remoteWrite: RemoteWrite | null,
    ) => new StoredBatches({ points, repository, runs, projects, presence, others, remoteWrite, log }),
  };
  const gateway = {
    provide: LiveGateway,
    inject: [LiveServer, LiveService, ProjectsService, RunFeed, ProjectFeed, Presence, OtherInstances, OperatorMetrics],
    useFactory: (
      server: LiveServer,
      live: LiveService,
      owners: ProjectsService,
      runs: RunFeed,
      projects: ProjectFeed,
      presence: Presence,
      others: OtherInstances | null,
      metrics: OperatorMetrics,
    ) => new LiveGateway({ server, live, owners, runs, projects, presence, others, verify, log }, metrics),
  };
  return {
    module: LiveModule,
    imports: [tracking],
    controllers: [LiveController],
    providers: [
      LiveRepository,
      LiveService,
      FeedMetrics,
      { provide: LiveServer, useFactory: () => new LiveServer(ownUrl) },
      others,
      remoteWrite,
      presence,
      runs,
      projects,
      storedBatches,
      gateway,
    ],
    exports: [LiveService, LiveGateway],
  };
}

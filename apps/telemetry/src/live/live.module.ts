import { OperatorMetrics, type VerifyToken } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { eventsOf } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import { FeedMetrics } from './feed.metrics.js';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';
import { LiveRepository } from './live.repository.js';
import { LiveServer } from './live.server.js';
import { LiveService } from './live.service.js';
import { Presence } from './presence.js';
import { RunFeed } from './run-feed.js';

type LiveOptions = { verify: VerifyToken; ownUrl: string; log: Logger };

class LiveModule {}

/** Storing what runs report, and the live stream of it. */
export function liveModule({ verify, ownUrl, log }: LiveOptions): DynamicModule {
  return {
    module: LiveModule,
    controllers: [LiveController],
    providers: [
      LiveRepository,
      LiveService,
      FeedMetrics,
      { provide: LiveServer, useFactory: () => new LiveServer(ownUrl) },
      {
        provide: Presence,
        inject: [LiveServer],
        useFactory: (server: LiveServer) => new Presence((runId, watchers) => server.sendPresence(runId, watchers)),
      },
      {
        provide: RunFeed,
        inject: [PointStore, LiveServer, FeedMetrics],
        useFactory: (points: PointStore, server: LiveServer, metrics: FeedMetrics) => {
          const feed = new RunFeed(
            (runId, after, limit) => points.events(runId, after, limit),
            (runId, events) => server.sendEvents(runId, events),
            metrics,
            log,
          );
          points.onAppended((runId, seqBefore, { payload }) => {
            if (feed.isWatched(runId)) feed.published(runId, eventsOf(payload, seqBefore + 1));
          });
          return feed;
        },
      },
      {
        provide: LiveGateway,
        inject: [LiveServer, LiveService, RunFeed, Presence, OperatorMetrics],
        useFactory: (
          server: LiveServer,
          live: LiveService,
          feed: RunFeed,
          presence: Presence,
          metrics: OperatorMetrics,
        ) => new LiveGateway(server, live, feed, presence, verify, log, metrics),
      },
    ],
    exports: [LiveService, LiveGateway],
  };
}

import { OperatorMetrics, type VerifyToken } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { eventsOf } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';
import { LiveRepository } from './live.repository.js';
import { LiveService } from './live.service.js';
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
      {
        provide: RunFeed,
        inject: [PointStore],
        useFactory: (points: PointStore) => {
          const feed = new RunFeed((runId, after, limit) => points.events(runId, after, limit), log);
          points.onAppended((runId, seqBefore, { payload }) => {
            if (feed.isWatched(runId)) feed.published(runId, eventsOf(payload, seqBefore + 1));
          });
          return feed;
        },
      },
      {
        provide: LiveGateway,
        inject: [LiveService, RunFeed, OperatorMetrics],
        useFactory: (live: LiveService, feed: RunFeed, metrics: OperatorMetrics) =>
          new LiveGateway(live, feed, verify, ownUrl, log, metrics),
      },
    ],
    exports: [LiveService, LiveGateway],
  };
}

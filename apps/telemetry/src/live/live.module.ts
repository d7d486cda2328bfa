import { OperatorMetrics, type VerifyToken } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';
import { LiveMetrics } from './live.metrics.js';
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
      LiveMetrics,
      {
        provide: RunFeed,
        inject: [LiveRepository],
        useFactory: (repository: LiveRepository) =>
          new RunFeed((runId, after, limit) => repository.events(runId, after, limit), log),
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

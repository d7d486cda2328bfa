import { CommonSettings } from '@mallo/backend';
import { z } from 'zod';

export const Settings = CommonSettings.extend({
  /** Where the api answers, which knows people's tokens for programs; without it those are refused here. */
  API_URL: z.url().optional(),
  /** The PostgreSQL shared with the api; telemetry keeps to its own schema, `telemetry`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Joins several instances behind one balancer; without it there is one. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Where the curves of runs and the figures of this service are sent, as Prometheus remote write. */
  MALLO_REMOTE_WRITE_URL: z.url({ protocol: /^https?$/ }).optional(),
});
export type Settings = z.infer<typeof Settings>;

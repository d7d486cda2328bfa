import { CommonSettings } from '@mallo/backend';
import { z } from 'zod';

export const Settings = CommonSettings.extend({
  /** Where the api answers, which knows people's tokens for programs; without it those are refused here. */
  API_URL: z.url().optional(),
  /** The PostgreSQL shared with the api; telemetry keeps to its own schema, `telemetry`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});
export type Settings = z.infer<typeof Settings>;

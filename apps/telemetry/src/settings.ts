import { CommonSettings } from '@mallo/backend';
import { z } from 'zod';

export const Settings = CommonSettings.extend({
  /** The PostgreSQL shared with the api; telemetry keeps to its own schema, `telemetry`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});
export type Settings = z.infer<typeof Settings>;

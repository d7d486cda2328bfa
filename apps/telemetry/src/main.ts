import { createLogger, readSettings, serve } from '@mallo/backend';
import { createTelemetry } from './app.js';
import { Settings } from './settings.js';

const settings = readSettings(Settings);
const log = createLogger('telemetry', settings.LOG_LEVEL);
await serve(await createTelemetry(settings, log), settings.HOST, settings.PORT, log);

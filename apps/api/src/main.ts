import { createLogger, readSettings, serve } from '@mallo/backend';
import { createApi } from './api.js';
import { Settings } from './settings.js';

const settings = readSettings(Settings);
const log = createLogger('api', settings.LOG_LEVEL);
const app = await createApi(settings, log);
await serve(app, settings.HOST, settings.PORT, log);

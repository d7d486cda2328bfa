import { createLogger, readSettings, serve } from '@mallo/backend';
import { createParser } from './service.js';
import { ParserSettings } from './settings.js';

const settings = readSettings(ParserSettings);
const log = createLogger('intent-parser', settings.LOG_LEVEL);
await serve(await createParser(log, `http://${settings.HOST}:${settings.PORT}`), settings.HOST, settings.PORT, log);

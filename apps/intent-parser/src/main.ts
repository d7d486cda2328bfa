import { createLogger, readSettings, serve } from '@mallo/backend';
import { createLanguageModel } from './llm/create-language-model.js';
import { createParser } from './service.js';
import { ParserSettings } from './settings.js';

const settings = readSettings(ParserSettings);
const log = createLogger('intent-parser', settings.LOG_LEVEL);
const app = await createParser(log, `http://${settings.HOST}:${settings.PORT}`, await createLanguageModel(settings));
await serve(app, settings.HOST, settings.PORT, log);

import { setFlagsFromString } from 'node:v8';
import { createLogger, readSettings, serve } from '@mallo/backend';
import { createApi } from './api.js';
import { MachineService } from './compute/machine.service.js';
import { Settings } from './settings.js';

// V8's last compiler, Turbofan, takes minutes of requests to be through with the code of one, and holds up those it meets for
// milliseconds. What it makes is no quicker here: decision 49.
setFlagsFromString('--no-turbofan');

const settings = readSettings(Settings);
const log = createLogger('api', settings.LOG_LEVEL);
const app = await createApi(settings, log);
await serve(app, settings.HOST, settings.PORT, log);
// At the first start only, so that the first card has an estimate.
void app.get(MachineService, { strict: false }).getReady();

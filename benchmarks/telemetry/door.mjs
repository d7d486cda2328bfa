// Mallo's front door before a telemetry that runs already: as a process of its own, as it is for users.
//   node door.mjs TELEMETRY_PORT
import { join } from 'node:path';
import process from 'node:process';
import { ROOT } from '../../scripts/setup/prepare.mjs';

const { openFrontDoor } = await import(join(ROOT, 'apps/cli/dist/front-door/front-door.js'));
const telemetry = { name: 'telemetry', port: Number(process.argv[2]), up: true };
const away = { port: 0, up: false };
const parts = { telemetry, api: { ...away, name: 'api' }, web: { ...away, name: 'web' } };
const { port } = await openFrontDoor('127.0.0.1', 0, () => parts);
process.once('disconnect', () => process.exit());
process.send({ port });

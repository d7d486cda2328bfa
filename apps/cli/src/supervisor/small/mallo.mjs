// A whole Mallo, as built, with small services in place of the real ones: PostgreSQL, the front door, the
// lock, the secrets and the supervision are the real ones.
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../../dist/settings.js';
import { serviceSpecs } from '../../../dist/supervisor/children.js';
import { Mallo } from '../../../dist/supervisor/mallo.js';

const part = fileURLToPath(new URL('part.mjs', import.meta.url));

const smallSpecs = (...told) => {
  const specs = serviceSpecs(...told);
  const withoutMallo = [...specs.web.args.slice(0, 4), part, 'knows-nothing-of-mallo'];
  for (const [name, spec] of Object.entries(specs)) {
    Object.assign(spec, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      args: name === 'web' ? withoutMallo : [part, settings.MALLO_HOME],
    });
    if (process.env.DIES === name) spec.env.DIES_AT_ONCE = '1';
  }
  return specs;
};

const tell = (message) => console.log(JSON.stringify(message));
const settings = readSettings();
const mallo = new Mallo(
  settings,
  {
    restarting: (name) => tell({ restarting: name }),
    gaveUp: (problem) => tell({ gaveUp: problem.message }),
  },
  smallSpecs,
);
process.on('SIGTERM', async () => {
  await mallo.stop();
  tell({ stopped: true });
  process.exit(0);
});
try {
  tell(await mallo.start());
} catch (error) {
  if (error.name !== 'AbortError') {
    tell({ refused: error.sentence ?? { en: error.stack } });
    process.exit(1);
  }
}

// pnpm zoo:build [SOURCE …]: makes the catalogue anew from the libraries themselves, all of it or some sources.
// Each script names the versions that it reads; uv installs them into an environment of its own. A build that was ended
// goes on behind the last model that it counted, as long as nothing that counts has changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('.', import.meta.url));
const CATALOGUE = join(BUILD, '..', 'src');
const TRAINER = join(BUILD, '..', '..', 'trainer');
const script = (file, ...args) => ['run', '--no-project', '--script', join(BUILD, file), ...args];

// The environment that trains, so that what can be found is what can be trained.
const TRAINING = ['run', '--project', TRAINER, '--frozen', 'python'];

/** What uv runs for each source; the file to write comes last. */
const SOURCES = {
  timm: [...TRAINING, '-m', 'mallo_trainer.zoo'],
  huggingface: [...TRAINING, join(BUILD, 'huggingface.py')],
  ultralytics: script('ultralytics_models.py'),
  mmdetection: script('openmmlab.py', 'mmdetection'),
  mmsegmentation: script('openmmlab.py', 'mmsegmentation'),
  detectron2: script('detectron2_models.py'),
  custom: script('anomalib_models.py'),
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SOURCES);
const unknown = wanted.filter((source) => !(source in SOURCES));
if (unknown.length > 0) {
  console.error(`pnpm zoo:build ${Object.keys(SOURCES).join('|')} …`);
  process.exit(2);
}
const bundled = join(BUILD, '..', '..', '..', '.tools', 'uv', 'bin', 'uv');
const uv = existsSync(bundled) ? bundled : 'uv';
// What is counted so far, by what counts; and libraries leave settings and half-made downloads where they run.
const BUILDS = join(BUILD, '..', 'node_modules', '.cache', 'zoo-build');
const readers = ['*.py', '../../trainer/uv.lock', '../../trainer/src/*/*.py'];
const hash = createHash('sha256');
for (const file of readers.flatMap((pattern) => globSync(pattern, { cwd: BUILD })).sort()) {
  hash.update(readFileSync(join(BUILD, file)));
}
const folder = join(BUILDS, hash.digest('hex').slice(0, 16));
mkdirSync(folder, { recursive: true });
const env = {
  ...process.env,
  PYTHONPATH: join(TRAINER, 'src'),
  HF_HUB_OFFLINE: '1',
  TORCH_HOME: folder,
  YOLO_CONFIG_DIR: folder,
  YOLO_OFFLINE: 'true',
};
for (const source of wanted) {
  const made = join(folder, `${source}.json`);
  execFileSync(uv, [...SOURCES[source], made], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  // Beside its place first: a rename within a folder is done whole or not at all.
  copyFileSync(made, join(CATALOGUE, `.${source}.json.new`));
  renameSync(join(CATALOGUE, `.${source}.json.new`), join(CATALOGUE, `${source}.json`));
}
rmSync(folder, { recursive: true, force: true });

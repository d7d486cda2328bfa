import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Made by builds and tools; never a source. */
const NOT_SOURCES = new Set([
  'node_modules',
  'dist',
  '.next',
  '.turbo',
  '.venv',
  'generated',
  '__pycache__',
  'coverage',
]);

/** One hash over texts and the contents of files; a file that is not there counts as empty. */
export function hashOf(texts, files) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const file of files) hash.update(`${file}\0`).update(readIfThere(file)).update('\0');
  return hash.digest('hex');
}

/** One hash over names, sizes and times of all sources in folders: enough to know whether to ask turbo at all. */
export function hashOfSources(folders) {
  const hash = createHash('sha256');
  for (const folder of folders)
    walk(folder, (path, { size, mtimeMs }) => hash.update(`${path}\0${size}\0${mtimeMs}\0`));
  return hash.digest('hex');
}

function walk(folder, visit) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) walk(path, visit);
    else if (entry.isFile()) visit(path, statSync(path));
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return '';
  }
}

/** Remembers by name what a step was last done for. */
export function openStamps(folder) {
  const file = (name) => join(folder, `${name}.stamp`);
  return {
    is: (name, hash) => String(readIfThere(file(name))) === hash,
    set: (name, hash) => {
      mkdirSync(dirname(file(name)), { recursive: true });
      writeFileSync(file(name), hash);
    },
    clear: (name) => rmSync(file(name), { force: true }),
  };
}

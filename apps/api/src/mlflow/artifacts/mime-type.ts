import { extname } from 'node:path/posix';
import { lookup } from 'mime-types';

/** What MLflow serves as text, whatever it is more precisely (`mlflow/utils/mime_type_utils.py`). */
const TEXT = new Set(
  (
    'txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb ' +
    'MLmodel MLproject'
  ).split(' '),
);

/** The content type of a file by its name, as MLflow has it. */
export function mimeTypeOf(name: string): string {
  const extension = extname(name).slice(1) || name;
  if (TEXT.has(extension)) return 'text/plain';
  return lookup(name) || 'application/octet-stream';
}

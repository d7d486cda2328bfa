import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSample } from './sample-maker.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-trainer-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('making a sample dataset', () => {
  it('is refused with what to do where the Python environment is missing', async () => {
    const made = makeSample(folder, 'digits', join(folder, 'out.zip'));
    await expect(made).rejects.toMatchObject({ code: 'training.python_missing', status: 503 });
  });

  it('repeats the last line that Python said when it fails', async () => {
    const bin = join(folder, '.venv', 'bin');
    await mkdir(bin, { recursive: true });
    // A real program in Python's place: what matters is what is said when it ends in failure.
    await writeFile(join(bin, 'python'), '#!/bin/sh\necho "Traceback" >&2\necho "No module named $2" >&2\nexit 1\n');
    await chmod(join(bin, 'python'), 0o755);
    await expect(makeSample(folder, 'shapes', join(folder, 'out.zip'))).rejects.toMatchObject({
      code: 'sample.failed',
      params: { problem: 'No module named mallo_trainer.samples' },
    });
  });
});

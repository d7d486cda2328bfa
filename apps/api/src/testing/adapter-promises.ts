import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MalloError } from '@mallo/contracts';
import { catalogue, type ZooEntry } from '@mallo/zoo';
import { expect, test } from 'vitest';
import type { ModelAdapter } from '../zoo/adapters/adapter.js';
import { trainingConfig } from './rows.js';

const TRAINER = fileURLToPath(new URL('../../../../packages/trainer', import.meta.url));
const PYTHON = join(TRAINER, '.venv', 'bin', 'python');
export const RECIPES = join(TRAINER, 'recipes');
/** Starting PyTorch takes a minute on a machine that has much else to do. */
const HELP_TIMEOUT_MS = 180_000;

export function canTrain(adapter: ModelAdapter): boolean {
  return firstTrainable(adapter, modelsOf(adapter)) !== undefined;
}

function modelsOf(adapter: ModelAdapter): ZooEntry[] {
  return catalogue.filter((entry) => entry.source === adapter.source);
}

function firstTrainable(adapter: ModelAdapter, models: readonly ZooEntry[]): string | undefined {
  return models.find((entry) => !adapter.describe(entry.name).missing)?.name;
}

/** Tests of what every adapter keeps to, whether or not it can train; its recipes lie in the folder. */
export function keepsThePromises(
  adapter: ModelAdapter,
  recipes: () => string,
  own: readonly ZooEntry[] = modelsOf(adapter),
): void {
  const trainable = firstTrainable(adapter, own);
  const configOf = (name: string) => ({ ...trainingConfig(), model: { source: adapter.source, name } });

  test('describes every model of its source, however the name is written', () => {
    for (const entry of own) expect(adapter.describe(entry.name).entry).toBe(entry);
    const [first] = own;
    expect(adapter.describe((first?.name ?? '').toUpperCase()).entry).toBe(first);
    expect(adapter.describe(first?.name ?? '').extra).toMatch(/^[a-z0-9-]+$/);
  });

  test('names models of its own beside one that it does not have', () => {
    for (const call of [() => adapter.describe('no-such'), () => adapter.prepare(configOf('no-such'), '/data')]) {
      const problem = problemOf(call);
      expect(problem).toMatchObject({ code: 'model.unknown', params: { name: 'no-such' } });
      for (const name of String(problem.params?.nearest).split(', ')) expect(adapter.describe(name)).toBeTruthy();
    }
  });

  test('prepares what it says can be trained, and refuses the rest with what is missing', () => {
    for (const { name } of own) {
      const { missing } = adapter.describe(name);
      if (missing) expect(problemOf(() => adapter.prepare(configOf(name), '/data'))).toEqual(missing.toProblem());
      else expect(adapter.prepare(configOf(name), '/data')).toEqual(adapter.prepare(configOf(name), '/data'));
    }
  });

  test('refuses output that is not of its recipe', () => {
    for (const text of ['', '{}', '[]', '{"seconds": 3}', '<html>']) {
      expect(() => adapter.normalizeOutput(text)).toThrow();
    }
  });

  if (!trainable) return;

  test('prepares a recipe that is there, with settings that are plain JSON', () => {
    const { recipe, settings } = adapter.prepare(configOf(trainable), '/data/of/mine');
    expect(recipe).toMatch(/^[a-z0-9_]+\.py$/);
    expect(existsSync(join(recipes(), recipe))).toBe(true);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    expect(settings).toMatchObject({ data: '/data/of/mine', output: 'output' });
  });

  test.runIf(existsSync(PYTHON))(
    'gives the recipe no setting that it does not know',
    () => {
      const { recipe, settings } = adapter.prepare(configOf(trainable), '/data');
      const help = execFileSync(PYTHON, [join(recipes(), recipe), '--help'], { encoding: 'utf8' });
      for (const name of Object.keys(settings)) expect(help).toMatch(new RegExp(`^ *${name}\\b`, 'm'));
    },
    HELP_TIMEOUT_MS,
  );
}

function problemOf(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (error instanceof MalloError) return error.toProblem();
  }
  throw new Error('it was not refused');
}

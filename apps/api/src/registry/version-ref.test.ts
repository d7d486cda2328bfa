import type { ModelVersionSummary, RegisteredModel } from '@mallo/contracts';
import { expect, it } from 'vitest';
import { partsOf, versionMeant } from './version-ref.js';

function version(number: string, metrics: Record<string, number>): ModelVersionSummary {
  return {
    id: `ver_${number}`,
    version: number,
    createdAt: new Date(0).toISOString(),
    runId: null,
    valAccuracy: metrics.val_accuracy ?? null,
    metrics,
    architecture: 'resnet18',
    sizeBytes: 0,
    deprecation: null,
  };
}

const MODEL: RegisteredModel = {
  id: 'mdl_1',
  projectId: 'prj_1',
  name: 'pets',
  taskType: 'classification',
  createdAt: new Date(0).toISOString(),
  aliases: { champion: '1.9.0', edge: '1.0.0' },
  versions: [
    version('1.10.0', { val_accuracy: 0.9, val_loss: 0.3, top5: 0.99 }),
    version('1.9.0', { val_accuracy: 0.95, val_loss: 0.4 }),
    version('1.0.0', { val_accuracy: 0.95, val_loss: 0.1 }),
  ],
};

it.each([
  ['1.9.0', '1.9.0'],
  ['latest', '1.10.0'],
  ['best', '1.9.0'],
  ['best:val_loss', '1.0.0'],
  ['best:val_loss:max', '1.9.0'],
  ['best:top5', '1.10.0'],
  ['v1', '1.0.0'],
  ['v3', '1.10.0'],
  ['@champion', '1.9.0'],
  ['edge', '1.0.0'],
])('%s means %s', (ref, expected) => expect(versionMeant(MODEL, ref)?.version).toBe(expected));

it.each(['9.9.9', 'v4', 'v0', '@candidate', 'best:nothing', '@latest', 'v'])('%s means nothing', (ref) => {
  expect(versionMeant(MODEL, ref)).toBeUndefined();
});

it.each([
  ['mallo://models/pets', { name: 'pets', ref: 'latest' }],
  ['mallo://models/pets@champion', { name: 'pets', ref: 'champion' }],
  ['mallo://models/pets/1.2.0', { name: 'pets', ref: '1.2.0' }],
  ['mallo://models/pets/@edge', { name: 'pets', ref: '@edge' }],
  ['mallo://models/%EA%B3%A0%EC%96%91%EC%9D%B4%2F3/best:val_loss:min', { name: '고양이/3', ref: 'best:val_loss:min' }],
  ['mallo://models/100%', { name: '100%', ref: 'latest' }],
])('%s is read', (uri, parts) => expect(partsOf(uri)).toEqual(parts));

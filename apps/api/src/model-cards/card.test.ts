import type { ModelVersion } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runResult, trainingConfig } from '../testing/rows.js';
import { modelCard } from './card.js';

function version(change: Partial<ModelVersion> = {}): ModelVersion {
  const file = (name: string) => ({ name, sizeBytes: 1, sha256: 'f'.repeat(64) });
  const result = runResult();
  return {
    id: 'ver_1',
    modelId: 'mdl_1',
    modelName: 'pets',
    projectId: 'prj_1',
    version: '1.2.0',
    createdAt: '2026-01-02T03:04:05.000Z',
    runId: 'run_1',
    valAccuracy: 0.956,
    metrics: result.metrics,
    architecture: 'resnet18',
    framework: 'pytorch',
    sizeBytes: 3,
    deprecation: null,
    inputShape: null,
    classNames: ['cat', 'dog'],
    datasetName: 'pets',
    memo: '',
    config: trainingConfig(),
    configHash: 'a'.repeat(64),
    datasetVersionSha256: 'b'.repeat(64),
    recipe: 'timm_classification.py',
    result,
    transcript: null,
    artifacts: ['model.onnx', 'model.safetensors', 'preprocessing.json'].map(file),
    ...change,
  };
}

const card = (change: Partial<ModelVersion> = {}, locale: 'ko' | 'en' = 'en') =>
  modelCard({
    version: version(change),
    taskType: 'classification',
    classes: [{ name: 'cat', imageCount: 250 }],
    locale,
  });

/** The result with other figures of the first class. */
function resultWith(change: { support?: number; recall?: number }): ModelVersion['result'] {
  const result = runResult();
  return { ...result, perClass: result.perClass.map((row, at) => (at === 0 ? { ...row, ...change } : row)) };
}

describe('a model card', () => {
  it('begins with metadata that Hugging Face reads', () => {
    const [, metadata = ''] = card().split('---\n');
    expect(parse(metadata)).toMatchObject({
      language: 'en',
      pipeline_tag: 'image-classification',
      library_name: 'timm',
      tags: ['mallo', 'onnx'],
      'model-index': [
        {
          name: 'pets 1.2.0',
          results: [{ task: { type: 'image-classification' }, metrics: [{ type: 'val_accuracy', value: 0.956 }, {}] }],
        },
      ],
    });
  });

  it('says what it is for, what it learned from, and every figure of every class', () => {
    const text = card();
    expect(text).toContain('Classifies images into 2 classes: cat, dog.');
    expect(text).toContain(`Dataset pets (SHA-256 \`${'b'.repeat(64)}\`).`);
    expect(text).toContain('| cat | 250 | 50 |');
    expect(text).toContain('| cat | 95.0 % | 96.0 % | 95.5 % |');
    expect(text).toContain('| cat | 48 | 2 |');
  });

  it.each([
    [{ support: 0 }, 'No validation image of class cat'],
    [{ support: 4 }, 'Only 4 validation images of class cat'],
    [{ recall: 0.5 }, 'Of class cat only 50.0 % are told right'],
  ])('says its limits: %j', (change, sentence) => expect(card({ result: resultWith(change) })).toContain(sentence));

  it('is complete in Korean', () => {
    const text = card({}, 'ko');
    for (const heading of ['용도', '한계', '데이터', '지표', '학습', '쓰는 법', '만들어진 과정']) {
      expect(text).toContain(`## ${heading}`);
    }
  });

  it('keeps the words of the conversation as text, not as markup', () => {
    const turn = {
      role: 'user' as const,
      text: '<script>x</script> # **굵게**',
      createdAt: '2026-01-02T03:04:05.000Z',
    };
    const hashes = { understoodHash: 'a', startedHash: 'a', configTurn: 0, edits: [] };
    const text = card({ transcript: { conversationId: 'cnv_1', turns: [turn], ...hashes } });
    expect(text).toContain('> \\<script\\>x\\</script\\> \\# \\*\\*굵게\\*\\*');
  });

  it('cannot be broken by a name', () => {
    const classNames = ['a | b\n# c', '"; import os; "'];
    const text = card({ classNames, config: trainingConfig({ classNames }) });
    expect(text).toContain('classes = ["a | b\\n# c", "\\"; import os; \\""]');
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# pets 1.2.0']);
  });

  it('of uploaded files says what is known and no more', () => {
    const gone = { config: null, configHash: null, datasetVersionSha256: null, recipe: null, result: null };
    const text = card({ ...gone, runId: null, metrics: {} });
    expect(text).toContain('Registered from uploaded files.');
    expect(text).not.toMatch(/null|undefined/);
  });
});

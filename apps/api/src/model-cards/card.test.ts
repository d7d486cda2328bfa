import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileKind, ModelVersion } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TRAINER_FOLDER } from '../testing/api.js';
import { onnxClassifier, safetensors } from '../testing/model-files.js';
import { runResult, trainingConfig } from '../testing/rows.js';
import { modelCard } from './card.js';
import { epochsOf } from './card-curves.js';
import { snippets } from './snippets.js';

function version(change: Partial<ModelVersion> = {}): ModelVersion {
  const file = (name: string) => ({ name, sizeBytes: 1, sha256: 'f'.repeat(64) });
  const result = runResult();
  return {
    id: 'ver_1',
    modelId: 'mdl_1',
    modelName: 'pets',
    projectId: 'prj_1',
    version: '1.2.0',
    number: 3,
    logged: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    runId: 'run_1',
    valAccuracy: 0.956,
    metrics: result.metrics,
    architecture: 'resnet18',
    framework: 'pytorch',
    sizeBytes: 3,
    deprecation: null,
    tags: {},
    taskType: 'classification',
    madeFrom: null,
    children: [],
    notes: null,
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

const EPOCHS = Array.from({ length: 200 }, (_, at) => ({
  epoch: at + 1,
  step: at,
  train_loss: 1 / (at + 1),
  val_loss: 2 / (at + 1),
  train_accuracy: 0.5,
  val_accuracy: 0.25,
}));
const METRICS_JSON = JSON.stringify({ model: 'resnet18', history: EPOCHS });

const card = (change: Partial<ModelVersion> = {}, locale: 'ko' | 'en' = 'en') =>
  modelCard({
    version: version(change),
    taskType: 'classification',
    classes: [{ name: 'cat', imageCount: 250 }],
    epochs: epochsOf(METRICS_JSON),
    hourlyPrice: { amount: 3.6, currency: 'USD' },
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

  it('draws how the figures went, the last epoch always among them', () => {
    const text = card();
    expect(text).toContain('```mermaid\nxychart-beta\n  title "Loss"\n  x-axis "epoch" [4, 8,');
    expect(text).toMatch(/196, 200\]\n {2}line "train_loss" \[.*0\.005\]\n {2}line "val_loss" \[.*0\.01\]/);
    expect([epochsOf('no json'), epochsOf('{"history":[]}'), epochsOf('{}')]).toEqual([null, null, null]);
  });

  it('estimates energy and cost, and says of what', () => {
    const text = card({ result: { ...runResult(), durationSeconds: 7200 } });
    expect(text).toContain('Energy: about 130 Wh (estimated at 65 W).');
    expect(text).toContain('Cost: about 7.2 USD (at 3.6 USD an hour).');
  });

  it('carries the notes of people as they wrote them, and who and when', () => {
    const notes = { id: 'nts_1', text: '**밤**에는 쓰지 마세요\n', by: '말로 *지기*', at: '2026-02-03T04:05:06.000Z' };
    expect(card({ notes }, 'ko')).toContain('## 노트\n\n**밤**에는 쓰지 마세요\n\n*말로 \\*지기\\*, 2026-02-03*');
    expect(card({ notes: { ...notes, text: ' ' } })).not.toContain('## Notes');
  });

  it('shows what it was made from and what was made from it', () => {
    const text = card({ madeFrom: '1.1.0', children: ['1.2.1', '1.2.2'] });
    expect(text).toContain('parent["pets 1.1.0"] --> model["pets 1.2.0"]');
    expect(text).toContain('model["pets 1.2.0"] --> child1["pets 1.2.2"]');
    expect(text).toContain('dataset["pets bbbbbbbbbbbb"] --> run');
  });

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

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');

describe.skipIf(!existsSync(PYTHON))('the snippets of uploaded files (need the Python environment)', () => {
  it('run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-snippets-'));
    try {
      const file = (name: string, kind: FileKind) => ({ name, kind, sizeBytes: 1, sha256: 'f'.repeat(64) });
      await writeFile(join(folder, '모델 "1".onnx'), onnxClassifier());
      await writeFile(join(folder, 'a.safetensors'), safetensors());
      const artifacts = [file('모델 "1".onnx', 'onnx'), file('a.safetensors', 'safetensors')];
      const uploaded = version({ config: null, artifacts, classNames: ['a', '"b"', 'c'] });
      const outputs: string[] = [];
      for (const { code } of snippets(uploaded)) {
        const { stdout } = await promisify(execFile)(PYTHON, ['-c', code], { cwd: folder });
        outputs.push(stdout.trim());
      }
      expect(outputs).toEqual(['logits (1, 3)', "{'weight': (3,)}"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});

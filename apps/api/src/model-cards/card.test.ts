import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Dataset, type LoggedModel, ModelCard, type ModelVersion } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TRAINER_FOLDER } from '../testing/api.js';
import { NOT_TRAINED, runResult, trainingConfig, modelVersion as version } from '../testing/rows.js';
import { type CardInput, modelCard } from './card.js';
import { epochsOf } from './card-curves.js';
import { readme } from './readme.js';

const EPOCHS = Array.from({ length: 200 }, (_, at) => ({
  epoch: at + 1,
  step: at,
  train_loss: 1 / (at + 1),
  val_loss: 2 / (at + 1),
  train_accuracy: 0.5,
  val_accuracy: 0.25,
}));
const METRICS_JSON = JSON.stringify({ model: 'resnet18', history: EPOCHS });

function dataset(counts: Record<string, number>): Dataset {
  const classes = Object.entries(counts).map(([name, imageCount]) => ({ name, imageCount }));
  const imageCount = classes.reduce((sum, one) => sum + one.imageCount, 0);
  const at = { createdAt: '2026-01-02T03:04:05.000Z' };
  const empty = { sizeBytes: 1, problems: [], problemCounts: {}, medianWidth: 8, medianHeight: 8 };
  return {
    ...{ id: 'dst_1', projectId: 'prj_1', name: 'pets', taskType: 'classification', ...at },
    version: { id: 'dsv_1', number: 2, imageCount, sha256: 'b'.repeat(64), classes, ...empty, ...at },
  };
}

function input(change: Partial<ModelVersion> = {}, more: Partial<CardInput> = {}): CardInput {
  const of = version(change);
  return {
    version: of,
    taskType: of.taskType,
    ancestors: [],
    dataset: dataset({ cat: 250, dog: 250 }),
    epochs: epochsOf(METRICS_JSON),
    environment: null,
    run: null,
    isPreparedAsTrained: false,
    hourlyPrice: { amount: 3.6, currency: 'USD' },
    locale: 'en',
    ...more,
  };
}

const card = (change: Partial<ModelVersion> = {}, more: Partial<CardInput> = {}) =>
  ModelCard.parse(modelCard(input(change, more)));

function written(change: Partial<ModelVersion> = {}, more: Partial<CardInput> = {}): string {
  const of = input(change, more);
  return readme({ card: modelCard(of), version: of.version, taskType: of.taskType, locale: of.locale });
}

const metadata = (text: string) => parse(text.split('---\n')[1] ?? '');

/** The result with other figures of the first class. */
function resultWith(change: { support?: number; recall?: number }): ModelVersion['result'] {
  const result = runResult();
  return { ...result, perClass: result.perClass.map((row, at) => (at === 0 ? { ...row, ...change } : row)) };
}

const LOGGED: LoggedModel = {
  source: 'models:/m-1',
  location: 'mlflow-artifacts:/0/models/m-1/artifacts',
  modelId: 'm-1',
  runId: 'run_abc',
  runLink: null,
  params: { lr: '0.1', depth: '3' },
  flavors: [
    { name: 'python_function', version: '3.11.7' },
    { name: 'sklearn', version: '1.8.0' },
  ],
};

describe('a model card', () => {
  it.each([
    [
      'classification',
      'Classifies images into 2 classes: cat, dog.',
      '이미지를 다음 2개 클래스로 분류합니다: cat, dog.',
    ],
    [
      'detection',
      'Finds objects of 2 classes in images: cat, dog.',
      '이미지에서 다음 2개 클래스의 물체를 찾습니다: cat, dog.',
    ],
    ['segmentation', 'Segments images: tells which of 2 classes', '이미지의 픽셀이 다음 2개 클래스 가운데 무엇인지'],
    ['anomaly_detection', 'Tells how unusual an image is, and where.', '이미지가 정상에서 얼마나 벗어났는지'],
  ] as const)('says what a model for %s is for', (taskType, en, ko) => {
    expect(card({ taskType }).purpose).toContain(en);
    expect(card({ taskType }, { locale: 'ko' }).purpose).toContain(ko);
    expect(card({ taskType, classNames: null }).purpose).not.toContain('{');
  });

  it('says in its own language that a training began with no weights', () => {
    const result = { ...runResult(), weightsSource: 'none' };
    expect(card({ result }).training[0]).toContain('initial weights: none.');
    expect(card({ result }, { locale: 'ko' }).training[0]).toContain('초기 가중치 없음.');
  });

  it('says what a model learned from: version, counts, shares, split and balance', () => {
    const { data } = card({}, { dataset: dataset({ cat: 300, dog: 200 }) });
    expect(data).toMatchObject({ name: 'pets', datasetId: 'dst_1', versionNumber: 2, imageCount: 500 });
    expect(data?.statements).toEqual([
      'Version 2 of dataset pets: 500 images of 2 classes.',
      '400 images to learn from; 100 (20.0%), chosen by seed 42, were held back to measure by.',
      'The classes are balanced: the largest, cat, has 1.5 times as many images as the smallest, dog.',
    ]);
    expect(data?.classes[0]).toEqual({ name: 'cat', imageCount: 300, share: 0.6, validationCount: 50 });
  });

  it('says where classes are not balanced, and which have no image', () => {
    const told = card({}, { dataset: dataset({ cat: 300, dog: 20, cow: 0 }) }).data?.statements.join('\n');
    expect(told).toContain('not balanced: the largest, cat, has 15 times as many images as the smallest, dog.');
    expect(told).toContain('There is no image of class cow.');
  });

  it('stays when its dataset is gone', () => {
    const { data } = card({}, { dataset: null });
    expect(data).toMatchObject({ datasetId: null, versionNumber: null, imageCount: null });
    expect(data?.statements).toEqual(['Learned from dataset pets, which is no longer here.']);
    expect(data?.classes[0]).toEqual({ name: 'cat', imageCount: null, share: null, validationCount: 50 });
  });

  it.each([
    [{ support: 0 }, 'No validation image of class cat'],
    [{ support: 4 }, 'Only 4 validation images of class cat'],
    [{ recall: 0.5 }, 'Of class cat only 50.0% are told right'],
  ])('says its limits: %j', (change, sentence) =>
    expect(card({ result: resultWith(change) }).limits.join('\n')).toContain(sentence),
  );

  it('keeps of the curves what can be told apart, the last epoch always among them', () => {
    const [loss] = card().curves;
    expect(loss?.epochs).toHaveLength(50);
    expect(loss?.epochs.at(-1)).toBe(200);
    expect(loss?.lines.map(({ name, values }) => [name, values.at(-1)])).toEqual([
      ['train_loss', 0.005],
      ['val_loss', 0.01],
    ]);
    expect([epochsOf('no json'), epochsOf('{"history":[]}'), epochsOf('{}')]).toEqual([null, null, null]);
  });

  it('estimates energy and cost no more exactly than they are known, and says of what', () => {
    const { training } = card({ result: { ...runResult(), durationSeconds: 7321 } });
    expect(training).toContain('Energy: about 130 Wh (estimated at 65 W).');
    expect(training).toContain('Cost: about 7.3 USD (at 3.6 USD an hour).');
  });

  it.each([
    ['hub:timm/resnet18.a1_in1k', 'apache-2.0'],
    ['hub:timm/resnet18.fb_ssl_yfcc100m_ft_in1k', 'cc-by-nc-4.0'],
    ['none', null],
    ['file:/models/resnet18.pth', null],
  ])('knows the licence of the weights that a training began with: %s', (weightsSource, license) =>
    expect(card({ result: { ...runResult(), weightsSource } }).license).toBe(license),
  );

  it('of uploaded files says what is known, and what is not', () => {
    const uploaded = card({ ...NOT_TRAINED, metrics: {}, datasetName: null }, { dataset: null, epochs: null });
    expect(uploaded).toMatchObject({ origin: 'Registered from uploaded files.', data: null, training: [], curves: [] });
    expect(uploaded.limits).toContain('What it learned from is not known.');
    expect(uploaded.limits).toContain('It has no figures: how good it is is not known.');
  });

  it('says on which version of a dataset the figures of uploaded files were measured', () => {
    const { data } = card({ ...NOT_TRAINED, datasetVersionSha256: 'b'.repeat(64) });
    expect(data?.statements[0]).toBe(
      'The figures were measured on version 2 of dataset pets: 500 images of 2 classes.',
    );
  });

  it('of a model that came over MLflow tells its run, params, environment and how it is loaded', () => {
    const environment = { name: 'requirements.txt', text: 'mlflow==3.17.2\nscikit-learn==1.9.0\n' };
    const tags = { 'mlflow.user': 'kim', 'mlflow.log-model.history': '[]' };
    const run = { params: { lr: '0.1', late: 'x' }, tags };
    const logged = card(
      { ...NOT_TRAINED, logged: LOGGED, runId: 'run_abc', taskType: null, datasetName: null, classNames: null },
      { dataset: null, environment, run },
    );
    expect(logged.origin).toBe('Registered over MLflow from models:/m-1.');
    expect(logged.settings).toEqual([
      { name: 'lr', value: '0.1' },
      { name: 'late', value: 'x' },
      { name: 'depth', value: '3' },
    ]);
    expect(logged.runTags).toEqual([{ name: 'mlflow.user', value: 'kim' }]);
    expect(logged.environment?.text).toBe(environment.text);
    expect(logged.environment?.statement).toContain('requirements.txt');
    expect(logged.snippets[0]?.code).toContain('mlflow.sklearn.load_model("models:/pets/3")');
    expect(logged.lineage.nodes).toContainEqual(expect.objectContaining({ kind: 'run', id: 'run_abc' }));
  });
});

describe('the lineage', () => {
  const steps = (change: Partial<ModelVersion>, more: Partial<CardInput> = {}) => {
    const { nodes, edges } = card(change, more).lineage;
    const titles = new Map(nodes.map(({ key, title }) => [key, title]));
    return edges.map(({ from, to }) => `${titles.get(from)} → ${titles.get(to)}`);
  };
  const TURN = { role: 'user' as const, text: 'cats\n and dogs', createdAt: '2026-01-02T03:04:05.000Z' };
  const hashes = { understoodHash: 'a', startedHash: 'a', configTurn: 0, edits: [] };
  const transcript = { conversationId: 'cnv_1', turns: [TURN], ...hashes };

  it('leads from the conversation and the data over the run to the version and on to its children', () => {
    expect(steps({ transcript, children: ['1.2.1', '1.2.2'] })).toEqual([
      'cats and dogs → run_1',
      'pets → run_1',
      'run_1 → pets 1.2.0',
      'pets 1.2.0 → pets 1.2.1',
      'pets 1.2.0 → pets 1.2.2',
    ]);
  });

  it('of a converted version begins where its first ancestor came from', () => {
    const first = version({ version: '1.0.0', children: ['1.0.1'] });
    const middle = version({ ...NOT_TRAINED, version: '1.0.1', madeFrom: '1.0.0', datasetName: null });
    const last = { ...NOT_TRAINED, version: '1.0.2', madeFrom: '1.0.1', datasetName: null };
    expect(steps(last, { ancestors: [middle, first] })).toEqual([
      'pets → run_1',
      'run_1 → pets 1.0.0',
      'pets 1.0.0 → pets 1.0.1',
      'pets 1.0.1 → pets 1.0.2',
    ]);
    expect(card(last, { ancestors: [middle, first] })).toMatchObject({
      origin: 'Converted from version 1.0.1.',
      data: { versionNumber: 2 },
    });
  });

  it('of uploaded files has those, and the dataset by its name', () => {
    const { nodes } = card(NOT_TRAINED, { dataset: null }).lineage;
    expect(nodes.map(({ kind, id, isThis }) => [kind, id, isThis])).toEqual([
      ['dataset', null, false],
      ['files', null, false],
      ['model', '1.2.0', true],
    ]);
    expect(steps(NOT_TRAINED, { dataset: null })).toEqual(['pets → Uploaded files', 'Uploaded files → pets 1.2.0']);
  });
});

describe('the README of a card', () => {
  it('begins with metadata that Hugging Face reads', () => {
    const weightsSource = 'hub:timm/resnet18.a1_in1k';
    expect(metadata(written({ result: { ...runResult(), weightsSource } }))).toMatchObject({
      language: 'en',
      license: 'apache-2.0',
      base_model: 'timm/resnet18.a1_in1k',
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

  it('names no dataset in its metadata where none is known', () => {
    const unknown = { ...NOT_TRAINED, datasetName: null };
    expect(metadata(written(unknown, { dataset: null }))).toEqual({
      language: 'en',
      pipeline_tag: 'image-classification',
      tags: ['mallo', 'onnx'],
    });
  });

  it('says what it is for, what it learned from, and every figure of every class', () => {
    const text = written();
    expect(text).toContain('Classifies images into 2 classes: cat, dog.');
    expect(text).toContain(`SHA-256 \`${'b'.repeat(64)}\``);
    expect(text).toContain('| cat | 250 | 50.0% | 50 |');
    expect(text).toContain('| cat | 95.0% | 96.0% | 95.5% |');
    expect(text).toContain('| cat | 48 | 2 |');
    expect(text).toContain('```mermaid\nxychart-beta\n  title "Loss"\n  x-axis "epoch" [4, 8,');
    expect(text).toContain('n1 --> n2');
  });

  it('carries the notes of people as they wrote them, and who and when', () => {
    const notes = { id: 'nts_1', text: '**밤**에는 쓰지 마세요\n', by: '말로 *지기*', at: '2026-02-03T04:05:06.000Z' };
    expect(written({ notes }, { locale: 'ko' })).toContain(
      '## 노트\n\n**밤**에는 쓰지 마세요\n\n*말로 \\*지기\\*, 2026-02-03*',
    );
    expect(written({ notes: { ...notes, text: ' ' } })).not.toContain('## Notes');
  });

  it('is complete in Korean', () => {
    const text = written({}, { locale: 'ko' });
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
    const text = written({ transcript: { conversationId: 'cnv_1', turns: [turn], ...hashes } });
    expect(text).toContain('> \\<script\\>x\\</script\\> \\# \\*\\*굵게\\*\\*');
  });

  it('cannot be broken by a name', () => {
    const classNames = ['a | b\n# c', '"; import os; "'];
    const text = written({ classNames, config: trainingConfig({ classNames }) });
    expect(text).toContain('classes = ["a | b\\n# c", "\\"; import os; \\""]');
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# pets 1.2.0']);
  });

  it('cannot be broken by a file that was logged', () => {
    const environment = { name: 'requirements.txt', text: '```\n# not a heading\n```' };
    expect(written({ ...NOT_TRAINED, logged: LOGGED }, { environment })).toContain(
      '````\n```\n# not a heading\n```\n````',
    );
  });

  it('of uploaded files says what is known and no more', () => {
    const text = written({ ...NOT_TRAINED, metrics: {}, datasetName: null }, { dataset: null, epochs: null });
    expect(text).toContain('Registered from uploaded files.');
    expect(text).not.toMatch(/null|undefined/);
  });
});

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');

describe.skipIf(!existsSync(PYTHON))('the README of a card (needs the Python environment)', () => {
  it('is read by huggingface_hub', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-readme-'));
    try {
      await writeFile(join(folder, 'trained.md'), written());
      await writeFile(join(folder, 'unknown.md'), written({ ...NOT_TRAINED, datasetName: null }, { dataset: null }));
      const code = `from huggingface_hub import ModelCard
for name in ("trained.md", "unknown.md"):
    data = ModelCard.load(name).data
    print(data.pipeline_tag, [(one.dataset_name, one.metric_type) for one in data.eval_results or []])`;
      const { stdout } = await promisify(execFile)(PYTHON, ['-c', code], { cwd: folder });
      expect(stdout.trim().split('\n')).toEqual([
        "image-classification [('pets', 'val_accuracy'), ('pets', 'val_loss')]",
        'image-classification []',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});

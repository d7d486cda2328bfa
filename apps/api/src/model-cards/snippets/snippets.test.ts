import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileKind, ModelVersion, Snippet } from '@mallo/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TRAINER_FOLDER } from '../../testing/api.js';
import { picture } from '../../testing/images.js';
import { onnxClassifier, safetensors } from '../../testing/model-files.js';
import { modelVersion, NOT_TRAINED } from '../../testing/rows.js';
import { snippets } from './snippets.js';

const file = (name: string, kind: FileKind) => ({ name, kind, sizeBytes: 1, sha256: 'f'.repeat(64) });

function uploaded(change: Partial<ModelVersion>): ModelVersion {
  return modelVersion({ ...NOT_TRAINED, ...change });
}

const titles = (found: Snippet[]) => found.map(({ title }) => title);

describe('the snippets of a version', () => {
  it.each([
    ['mobilenetv3_small_050', 'pytorch', 'a.safetensors', 'safetensors', 'PyTorch + timm'],
    ['timm/resnet18.a1_in1k', 'timm', 'a.pth', 'pytorch', 'PyTorch + timm'],
    ['google/vit-base-patch16-224', 'huggingface', 'a.safetensors', 'safetensors', 'Hugging Face transformers'],
    ['yolo11n', 'ultralytics', 'best.pt', 'pytorch', 'Ultralytics'],
    ['my own', 'ultralytics', 'best.pt', 'pytorch', 'Ultralytics'],
    ['UNet (width 8)', 'pytorch', 'a.safetensors', 'safetensors', 'safetensors'],
    ['UNet (width 8)', 'pytorch', 'a.pth', 'pytorch', 'PyTorch'],
  ] as const)('go by the architecture: %s by %s', (architecture, framework, name, kind, title) => {
    const version = uploaded({ architecture, framework, artifacts: [file('m.onnx', 'onnx'), file(name, kind)] });
    expect(titles(snippets(version, false))).toEqual(['ONNX Runtime', title]);
  });

  it('build nothing of timm for another task, or for pictures that have no colors', () => {
    const artifacts = [file('a.safetensors', 'safetensors')];
    const of = (change: Partial<ModelVersion>) => titles(snippets(uploaded({ artifacts, ...change }), false));
    expect(of({ taskType: 'detection' })).toEqual(['safetensors']);
    expect(of({ inputShape: [1, 1, 28, 28] })).toEqual(['safetensors']);
    expect(of({ inputShape: [-1, -1, -1, 3] })).toEqual(['PyTorch + timm']);
  });

  it('leave weights that MLflow wrote to MLflow', () => {
    const logged = {
      ...{ source: 'models:/m-1', location: 'x', modelId: 'm-1', runId: 'run_1', runLink: null, params: {} },
      flavors: [{ name: 'pytorch', version: '2' }],
    };
    const version = uploaded({ logged, artifacts: [file('data/model.pth', 'pytorch')] });
    const [only, ...more] = snippets(version, false);
    expect(only?.code).toContain('mlflow.pytorch.load_model("models:/pets/3")');
    expect(more).toEqual([]);
  });
});

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');

describe.skipIf(!existsSync(PYTHON))('the snippets of uploaded files (need the Python environment)', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mallo-snippets-'));
    await writeFile(join(folder, 'image.jpg'), await picture(1, { width: 40, height: 30, format: 'jpeg' }));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = async (code: string, python = PYTHON) => {
    const { stdout } = await promisify(execFile)(python, ['-c', code], { cwd: folder });
    return stdout.trim();
  };

  it('run of files whose architecture is not known', async () => {
    await writeFile(join(folder, '모델 "1".onnx'), onnxClassifier());
    await writeFile(join(folder, 'a.safetensors'), safetensors());
    const artifacts = [file('모델 "1".onnx', 'onnx'), file('a.safetensors', 'safetensors')];
    const found = snippets(uploaded({ architecture: 'mine', artifacts, classNames: ['a', '"b"', 'c'] }), false);
    const outputs: string[] = [];
    for (const { code } of found) outputs.push(await run(code));
    expect(outputs).toEqual(['logits (1, 3)', "{'weight': (3,)}"]);
  }, 120_000);

  it('build an architecture of timm and answer as it does', async () => {
    // The bias alone decides, so that the answer is known: class 1.
    const prepared = { weights: { image_size: 32, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } };
    await writeFile(join(folder, 'preprocessing.json'), JSON.stringify(prepared));
    await run(`import timm, torch
from safetensors.torch import save_file
model = timm.create_model("mobilenetv3_small_050", num_classes=3)
torch.nn.init.zeros_(model.classifier.weight)
model.classifier.bias.data = torch.tensor([0.0, 5.0, 0.0])
save_file(model.state_dict(), "a.safetensors")
torch.save({"state_dict": model.state_dict()}, "among-others.pth")
torch.save(model.state_dict(), "a.pth")`);
    const names = ['a', 'b', 'c'];
    const codes = [
      { isPrepared: true, classNames: names, artifacts: [file('a.safetensors', 'safetensors')] },
      { isPrepared: false, classNames: names, artifacts: [file('among-others.pth', 'pytorch')] },
      { isPrepared: false, classNames: null, artifacts: [file('a.pth', 'pytorch')] },
    ].map(({ isPrepared, ...of }) => {
      const version = uploaded({ architecture: 'mobilenetv3_small_050', inputShape: [1, 3, 32, 32], ...of });
      return snippets(version, isPrepared)[0]?.code ?? '';
    });
    // Each in a namespace of its own; loading torch and timm for each would take most of the time.
    const printed = await run(`for code in ${JSON.stringify(codes)}:\n    exec(code, {})`);
    const answers = printed.split('\n').map((line) => line.split(' '));
    expect(answers.map(([name]) => name)).toEqual(['b', 'b', '1']);
    for (const [, probability] of answers) {
      expect(Number(probability)).toBeCloseTo(Math.exp(5) / (Math.exp(5) + 2), 3);
    }
  }, 120_000);

  it('are Python where a library is not here', async () => {
    const weights = file('model.safetensors', 'safetensors');
    const other = ['config.json', 'preprocessor_config.json'].map((name) => file(name, 'other'));
    const all = [
      uploaded({ architecture: 'google/vit-base-patch16-224', artifacts: [weights] }),
      uploaded({ architecture: 'ViTForImageClassification', artifacts: [weights, ...other] }),
      uploaded({
        architecture: 'ViTForImageClassification',
        artifacts: [file('w.pth', 'pytorch'), ...other.slice(0, 1)],
      }),
      uploaded({ architecture: 'yolo11n', artifacts: [file('best.pt', 'pytorch')] }),
    ];
    for (const version of all) {
      const [snippet] = snippets(version, false);
      expect(snippet?.title).toMatch(/transformers|Ultralytics/);
      await run(`import ast; ast.parse(${JSON.stringify(snippet?.code)})`);
    }
  }, 120_000);
});

/** A Python that has transformers and ultralytics, which the trainer's has not. */
const { SNIPPETS_PYTHON } = process.env;

describe.skipIf(!SNIPPETS_PYTHON)('the snippets of other libraries (need SNIPPETS_PYTHON)', () => {
  it('build what they name and answer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-snippets-'));
    const run = async (code: string) => {
      const { stdout } = await promisify(execFile)(SNIPPETS_PYTHON ?? '', ['-c', code], { cwd: folder });
      return stdout.trim();
    };
    try {
      await writeFile(join(folder, 'image.jpg'), await picture(1, { width: 40, height: 30, format: 'jpeg' }));
      await run(`import torch
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor
size = dict(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, image_size=32)
model = ViTForImageClassification(ViTConfig(**size, patch_size=8, id2label={0: "a", 1: "b"}, label2id={"a": 0, "b": 1}))
torch.nn.init.zeros_(model.classifier.weight)
model.classifier.bias.data = torch.tensor([0.0, 5.0])
model.save_pretrained(".")
ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(".")
torch.save(model.state_dict(), "w.pth")
from ultralytics import YOLO
YOLO("yolo11n-cls.yaml").save("best.pt")`);
      const other = ['config.json', 'preprocessor_config.json'].map((name) => file(name, 'other'));
      const vit = (artifacts: ModelVersion['artifacts']) =>
        uploaded({ architecture: 'ViTForImageClassification', framework: 'huggingface', classNames: null, artifacts });
      const code = (version: ModelVersion) => snippets(version, false)[0]?.code ?? '';
      for (const artifacts of [
        [file('model.safetensors', 'safetensors'), ...other],
        [file('w.pth', 'pytorch'), ...other],
        [file('w.pth', 'pytorch'), ...other.slice(0, 1)],
      ]) {
        expect(await run(code(vit(artifacts)))).toMatch(/^b 0\.993/);
      }
      expect(await run(code(uploaded({ framework: 'ultralytics', artifacts: [file('best.pt', 'pytorch')] })))).toMatch(
        /\S+ 0\.\d+$/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 600_000);
});

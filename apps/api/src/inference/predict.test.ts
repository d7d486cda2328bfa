import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  ClassificationPrediction,
  inferenceRoutes,
  type ModelRef,
  type ModelVersion,
  registryRoutes,
} from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '../objects/object-store.js';
import { RegistryService } from '../registry/registry.service.js';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';
import { bitmap, hugePng, picture } from '../testing/images.js';
import { onnxClassifier, safetensors } from '../testing/model-files.js';
import { registration, trainingConfig } from '../testing/rows.js';
import { registerFiles } from '../testing/uploads.js';

/**
 * A real ONNX model in 289 bytes: Cast, ReduceMean over height and width, Div by the sum. It answers how bright each
 * of the three channels is, so it tells whether pixels arrive as RGB and the right way.
 */
const BRIGHTNESS = Buffer.from(
  'CAkSADqUAgobCgVpbWFnZRIBZiIEQ2FzdCoJCgJ0bxgBoAECCikKAWYKBGF4ZXMSAW0iClJlZHVjZU1lYW4qDwoIa2VlcGRpbXMYAKABAgonCgFt' +
    'CgNvbmUSAXMiCVJlZHVjZVN1bSoPCghrZWVwZGltcxgBoAECChoKAW0KAXMSDXByb2JhYmlsaXRpZXMiA0RpdhIaYnJpZ2h0bmVzcyBvZiBlYWNo' +
    'IGNoYW5uZWwqDggCEAc6AgECQgRheGVzKgwIARAHOgEBQgNvbmVaKgoFaW1hZ2USIQofCAISGwoCCAEKCBIGaGVpZ2h0CgcSBXdpZHRoCgIIA2If' +
    'Cg1wcm9iYWJpbGl0aWVzEg4KDAgBEggKAggBCgIIA0IECgAQEg==',
  'base64',
);
const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function register(onnx: Buffer, classNames: string[]): Promise<ModelRef> {
  const blob = await api.app.get(ObjectStore, { strict: false }).put(Readable.from([onnx]));
  const made = { config: trainingConfig({ classNames }), artifacts: [{ name: 'model.onnx', ...blob }] };
  const input = await registration(api, `model of ${classNames.length}`, made);
  return api.app.get(RegistryService, { strict: false }).registerRun(input);
}

async function predict({ modelId, version }: Pick<ModelRef, 'modelId' | 'version'>, image: Buffer) {
  const body = new Blob([new Uint8Array(image)]);
  return ClassificationPrediction.parse(
    await api.owner.upload(inferenceRoutes.predict, { params: { modelId, version } }, body),
  );
}

function plain(red: number, green: number, blue: number): Promise<Buffer> {
  return sharp({ create: { width: 9, height: 5, channels: 3, background: { r: red, g: green, b: blue } } })
    .png()
    .toBuffer();
}

describe('trying a model on an image', () => {
  it('answers the classes by name, the likeliest first', async () => {
    const ref = await register(BRIGHTNESS, ['빨강', '초록', '파랑']);
    const { classes, latencyMs } = await predict(ref, await plain(10, 20, 170));
    expect(classes.map(({ name }) => name)).toEqual(['파랑', '초록', '빨강']);
    expect(classes.map(({ confidence }) => confidence)).toEqual(
      [0.85, 0.1, 0.05].map((share) => expect.closeTo(share, 5)),
    );
    expect(latencyMs).toBeGreaterThan(0);
  });

  it('answers many at once, each its own', async () => {
    const ref = await register(BRIGHTNESS, ['빨강', '초록', '파랑']);
    const images = await Promise.all([plain(255, 0, 0), plain(0, 255, 0), plain(0, 0, 255), plain(255, 0, 0)]);
    const answers = await Promise.all(images.map((image) => predict(ref, image)));
    expect(answers.map(({ classes }) => classes[0]?.name)).toEqual(['빨강', '초록', '파랑', '빨강']);
  });

  it('refuses what is not an image', async () => {
    const ref = await register(BRIGHTNESS, ['a', 'b', 'c']);
    await expect(predict(ref, Buffer.from('I am text'))).rejects.toMatchObject({ code: 'image.unreadable' });
    await expect(predict(ref, Buffer.alloc(0))).rejects.toMatchObject({ code: 'image.unreadable' });
    await expect(predict(ref, hugePng(await picture(1)))).rejects.toMatchObject({ code: 'image.unreadable' });
    const whole = await picture(1, { width: 300, height: 300 });
    await expect(predict(ref, whole.subarray(0, 2000))).rejects.toMatchObject({ code: 'image.unreadable' });
  });

  it('refuses an image of more than 20 MB', async () => {
    const ref = await register(BRIGHTNESS, ['a', 'b', 'c']);
    await expect(predict(ref, Buffer.alloc(20_000_001))).rejects.toMatchObject({ code: 'request.too_large' });
  });

  it('says so when the model file is broken, and goes on with others', async () => {
    const broken = await register(Buffer.from('this is no ONNX file'), ['a', 'b', 'c']);
    await expect(predict(broken, await plain(1, 2, 3))).rejects.toMatchObject({
      code: 'model.broken',
      message: expect.not.stringContaining('blobs'),
    });
    const cut = await register(BRIGHTNESS.subarray(0, 200), ['a', 'b', 'c']);
    await expect(predict(cut, await plain(1, 2, 3))).rejects.toMatchObject({ code: 'model.broken' });
    const fewer = await register(BRIGHTNESS, ['a', 'b']);
    await expect(predict(fewer, await plain(1, 2, 3))).rejects.toMatchObject({ code: 'model.broken' });
    const whole = await register(BRIGHTNESS, ['a', 'b', 'c']);
    expect((await predict(whole, await plain(9, 0, 0))).classes[0]?.name).toBe('a');
  });

  it('says so when the model file was altered', async () => {
    const ref = await register(Buffer.concat([BRIGHTNESS, Buffer.from([0x0a, 0])]), ['a', 'b', 'c']);
    const version = await api.owner.call(registryRoutes.version, {
      params: { modelId: ref.modelId, version: ref.version },
    });
    const path = await api.app.get(ObjectStore, { strict: false }).path(version.artifacts[0]?.sha256 ?? '');
    await writeFile(path ?? '', BRIGHTNESS);
    await expect(predict(ref, await plain(1, 2, 3))).rejects.toMatchObject({ code: 'model.artifact_missing' });
  });
});

const COLOURS = ['red', 'green', 'blue'];

/** Registers files as a classifier of the three colours, unless said otherwise. */
function registerUploaded(files: Record<string, Buffer>, more: Record<string, unknown> = {}): Promise<ModelVersion> {
  const said = { inputShape: [1, 3, 8, 8], classNames: COLOURS, ...more };
  return registerFiles(api, { name: `uploaded ${crypto.randomUUID()}`, files, more: said });
}

describe('trying a model that was uploaded', () => {
  const confidences = ({ classes }: ClassificationPrediction) =>
    COLOURS.map((name) => classes.find((one) => one.name === name)?.confidence);
  const closeTo = (values: number[]) => values.map((value) => expect.closeTo(value, 4));

  /** What the test's model makes of an image of one colour: softmax over the normalized channels. */
  function expected(colour: number[], mean: number[], std: number[]): number[] {
    const powers = colour.map((value, at) => Math.exp((value / 255 - (mean[at] ?? 0)) / (std[at] ?? 1)));
    return powers.map((power) => power / powers.reduce((sum, value) => sum + value, 0));
  }

  it('prepares the image by preprocessing.json where there is one', async () => {
    const [mean, std] = [
      [0.5, 0.25, 0],
      [0.5, 0.5, 2],
    ];
    const file = Buffer.from(JSON.stringify({ class_names: COLOURS, weights: { image_size: 8, mean, std } }));
    const version = await registerUploaded({ 'classifier.onnx': onnxClassifier(), 'preprocessing.json': file });
    const answer = await predict(version, await plain(200, 100, 50));
    expect(confidences(answer)).toEqual(closeTo(expected([200, 100, 50], mean, std)));
    expect(answer.preprocessing).toBe('file');
  });

  it('prepares it as for ImageNet otherwise, and says so', async () => {
    const version = await registerUploaded({ 'classifier.onnx': onnxClassifier() }, { inputShape: [-1, 3, 8, 8] });
    const answer = await predict(version, await plain(10, 20, 170));
    const [mean, std] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ];
    expect(confidences(answer)).toEqual(closeTo(expected([10, 20, 170], mean, std)));
    expect(answer.preprocessing).toBe('default');
  });

  it('leaves it to a model that prepares it itself', async () => {
    const version = await registerUploaded({ 'model.onnx': BRIGHTNESS }, { inputShape: null });
    const answer = await predict(version, await plain(10, 20, 170));
    expect(confidences(answer)).toEqual(closeTo([0.05, 0.1, 0.85]));
    expect(answer.preprocessing).toBe('model');
  });

  it('says what is missing', async () => {
    const image = await plain(1, 2, 3);
    const cases = [
      [{ 'model.safetensors': safetensors() }, {}, 'model.no_onnx'],
      [{ 'model.onnx': onnxClassifier() }, { classNames: undefined }, 'model.classes_unknown'],
      [{ 'model.onnx': onnxClassifier('any') }, { inputShape: null }, 'model.input_unknown'],
      [{ 'model.onnx': onnxClassifier(20_000) }, {}, 'model.input_unknown'],
      [{ 'model.onnx': onnxClassifier() }, { classNames: ['a', 'b'] }, 'model.broken'],
      [{ 'model.onnx': onnxClassifier(), 'preprocessing.json': Buffer.from('{}') }, {}, 'model.file_damaged'],
    ] as const;
    for (const [files, more, code] of cases) {
      const version = await registerUploaded(files, more);
      await expect(predict(version, image)).rejects.toMatchObject({ code });
    }
  });
});

/** Exports a small network as the recipe does, and writes what PyTorch makes of each image by the recipe's own reading. */
const EXPECTATIONS = `
import json, sys, torch
from pathlib import Path
from mallo_trainer.image_folder import decode_image
from mallo_trainer.onnx_export import export_classifier
from mallo_trainer.preprocessing import ImageClassifier, Preprocessing
torch.manual_seed(1)
folder = Path(sys.argv[1])
nn = torch.nn
model = nn.Sequential(nn.Conv2d(3, 16, 5, 3), nn.Tanh(), nn.Conv2d(16, 8, 5, 2), nn.Flatten(), nn.Linear(512, 4))
classifier = ImageClassifier(Preprocessing(64, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)), model).eval()
export_classifier(classifier, folder / 'model.onnx')
# As somebody else exports it: numbers in, logits out, the weights in a second file.
torch.onnx.export(model.eval(), (torch.zeros(1, 3, 64, 64),), folder / 'weights.onnx', verbose=False)
about = {'image_size': 64, 'mean': [0.485, 0.456, 0.406], 'std': [0.229, 0.224, 0.225]}
(folder / 'preprocessing.json').write_text(json.dumps({'weights': about}))
found = {}
for path in sorted(folder.glob('image.*')):
    with torch.no_grad():
        found[path.name] = classifier(decode_image(path, folder).permute(1, 2, 0)[None]).squeeze(0).tolist()
(folder / 'expected.json').write_text(json.dumps(found))
`;

describe.skipIf(!existsSync(PYTHON))('a prediction equals what PyTorch computes (needs the Python environment)', () => {
  it('within 1e-4, for every format, colours, transparency, 16 bits and rotation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-predict-'));
    const size = { width: 83, height: 61 };
    const png = await picture(3, size);
    const images: Record<string, Buffer> = {
      'image.png': png,
      'image.jpg': await sharp(await picture(4, size))
        .blur(2)
        .jpeg({ quality: 85 })
        .toBuffer(),
      'image.420.jpg': await sharp(await picture(5, size))
        .blur(3)
        .jpeg({ chromaSubsampling: '4:2:0' })
        .toBuffer(),
      'image.webp': await picture(6, { ...size, format: 'webp' }),
      'image.gif': await picture(7, { ...size, format: 'gif' }),
      'image.tiff': await picture(8, { ...size, format: 'tiff' }),
      'image.bmp': await bitmap(png),
      'image.grey.png': await sharp(png).greyscale().png().toBuffer(),
      'image.grey16.png': await sharp(png).greyscale().toColourspace('grey16').png().toBuffer(),
      'image.rgb16.png': await sharp(png).toColourspace('rgb16').png().toBuffer(),
      'image.alpha.png': await sharp(png).ensureAlpha(0.4).png().toBuffer(),
      'image.palette.png': await sharp(png).png({ palette: true, colours: 16 }).toBuffer(),
      'image.profile.png': await sharp(png).withIccProfile('p3').png().toBuffer(),
      'image.turned.jpg': await sharp(png).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer(),
    };
    try {
      for (const [name, bytes] of Object.entries(images)) await writeFile(join(folder, name), bytes);
      await promisify(execFile)(PYTHON, ['-c', EXPECTATIONS, folder], { cwd: TRAINER_FOLDER });
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<string, number[]>;
      const names = ['a', 'b', 'c', 'd'];
      const ref = await register(await readFile(join(folder, 'model.onnx')), names);
      const files = {
        'weights.onnx': await readFile(join(folder, 'weights.onnx')),
        'weights.onnx.data': await readFile(join(folder, 'weights.onnx.data')),
        'preprocessing.json': await readFile(join(folder, 'preprocessing.json')),
      };
      const uploaded = await registerUploaded(files, { classNames: names, inputShape: [1, 3, 64, 64] });
      for (const [file, bytes] of Object.entries(images)) {
        for (const version of [ref, uploaded]) {
          const { classes } = await predict(version, bytes);
          const found = names.map((name) => classes.find((one) => one.name === name)?.confidence ?? Number.NaN);
          const far = Math.max(...found.map((value, at) => Math.abs(value - (expected[file]?.[at] ?? Number.NaN))));
          expect(far, `${file}: ${found} instead of ${expected[file]}`).toBeLessThan(1e-4);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 180_000);
});

import { type Artifact, inferenceRoutes, type ModelVersion, Prediction, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { modelVersion, registeredModel, versionSummary } from '@/test-models';
import { fakeApi, renderPage } from '@/test-page';
import { FakeUploads, refusal } from '../register/fake-uploads';
import { TryModel } from './try-model';

const ONNX: Artifact = { name: 'model.onnx', sizeBytes: 1, sha256: 'aaa', kind: 'onnx' };
const PNG = 'iVBORw0KGgo=';
const ANSWER = { image: { width: 80, height: 40 }, latencyMs: 3.2, batchSize: 1, preprocessing: 'file' as const };

const classified = (name: string): Prediction => ({
  task: 'classification',
  ...ANSWER,
  classes: [
    { name, confidence: 0.9 },
    { name: 'other', confidence: 0.1 },
  ],
});

let asked: { version: string; text: string }[];
let urls: Set<string>;

beforeEach(() => {
  asked = [];
  urls = new Set();
  let last = 0;
  URL.createObjectURL = () => {
    last += 1;
    urls.add(`blob:${last}`);
    return `blob:${last}`;
  };
  URL.revokeObjectURL = (url) => urls.delete(url);
});
afterEach(() => expect([...urls]).toEqual([]));

/** Answers by version and by what the image holds; every page is left at the end, so that nothing may be kept. */
function renderTrial(answer: (version: string, text: string) => Prediction | null, change: Partial<ModelVersion> = {}) {
  new FakeUploads().interfere(async ({ path, body }) => {
    const version = /versions\/([\d.]+)\/predict$/.exec(path)?.[1];
    if (!version) return undefined;
    const text = (await body?.text()) ?? '';
    asked.push({ version, text });
    const prediction = answer(version, text);
    if (!prediction) return refusal(422, 'image.unreadable');
    return { status: 200, text: JSON.stringify(Prediction.parse(prediction)) };
  });
  const versions = ['1.1.0', '1.0.0'].map((version) => versionSummary({ version }));
  const version = modelVersion({ version: '1.1.0', artifacts: [ONNX], ...change });
  return renderPage(<TryModel model={registeredModel({ versions })} version={version} />);
}

const image = (name: string) => new File([name], `${name}.png`, { type: 'image/png' });
const choose = (...names: string[]) => userEvent.upload(screen.getByLabelText('Choose images'), names.map(image));

test.each([
  ['a file that is no ONNX', [{ ...ONNX, name: 'model.pth' }], /no ONNX file/],
  [
    'weights that can be converted',
    [{ ...ONNX, name: 'model.pth', kind: 'pytorch' as const }],
    /Convert it to ONNX below/,
  ],
  [
    'several ONNX files',
    [
      { ...ONNX, name: 'a.onnx' },
      { ...ONNX, name: 'b.onnx' },
    ],
    /none is named model\.onnx/,
  ],
])('says why a version cannot be tried: %s', async (_, artifacts, reason) => {
  renderTrial(() => null, { artifacts });
  await screen.findByText(reason);
  expect(screen.queryByTestId('prediction-drop')).toBeNull();
});

const port = (name: string, shape: number[] | null, type = 'float32') => ({ name, type, shape });
const TOKENS = [port('input_ids', [-1, -1], 'int64'), port('attention_mask', [-1, 16], 'int64')];

test.each([
  ['of several inputs', { inputs: TOKENS }, {}, /does not read one image/],
  ['of rows of numbers', { inputs: [port('rows', [-1, 30])] }, {}, /does not read one image/],
  ['that nobody said the task of', { inputs: [port('x', [1, 3, 8, 8])] }, { taskType: null }, /not known what/],
])('shows how a program asks a model %s', async (_, { inputs }, change, reason) => {
  const outputs = [port('scores', [-1])];
  fakeApi([[inferenceRoutes.signature, () => ({ inputs, outputs })]]);
  renderTrial(() => null, change);
  await screen.findByText(reason);
  expect(screen.queryByTestId('prediction-drop')).toBeNull();
  const read = within(screen.getByRole('region', { name: 'What it reads' })).getAllByRole('row');
  expect(read.slice(1).map(({ textContent }) => textContent?.split('[')[0])).toEqual(
    inputs.map(({ name, type }) => name + type),
  );
  within(screen.getByRole('region', { name: 'What it answers' })).getByText('[any]');
  const code = screen.getByRole('region', { name: 'In Python' }).textContent;
  expect(code).toContain('/api/v1/models/pets/1.1.0/predict"');
  if (inputs === TOKENS) {
    expect(code).toContain('{"name": "input_ids", "shape": [1, 8], "datatype": "INT64", "data": [0] * 8},');
    expect(code).toContain('{"name": "attention_mask", "shape": [1, 16], "datatype": "INT64", "data": [0] * 16},');
  }
});

test('tries a model of one image as ever', async () => {
  fakeApi([[inferenceRoutes.signature, () => ({ inputs: [port('x', [-1, 3, 8, 8])], outputs: [] })]]);
  const { unmount } = renderTrial(classified);
  await choose('cat');
  await screen.findByText('1.1.0', { selector: 'p' });
  unmount();
});

test.each<[Prediction['preprocessing'], RegExp]>([
  ['default', /Default preprocessing/],
  ['file', /preprocessing\.json/],
  ['model', /The model prepared the image itself/],
  ['metadata', /written in the ONNX file/],
])('says of an answer who prepared the image: %s', async (preprocessing, text) => {
  const { unmount } = renderTrial(() => ({ ...classified('cat'), preprocessing }));
  await choose('cat');
  await screen.findByText(text);
  unmount();
});

test('tries several images at once, the newest first, one of them unreadable, and lets each be taken away', async () => {
  const { unmount } = renderTrial((_, text) => (text === 'broken' ? null : classified(text)));
  await choose('cat', 'broken', 'dog');
  await choose('owl');
  const names = () => screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent);
  expect(names()).toEqual(['owl.png', 'cat.png', 'broken.png', 'dog.png']);
  for (const name of ['cat', 'dog', 'owl']) await screen.findByText(name, { selector: 'p' });
  expect(await screen.findAllByRole('alert')).toHaveLength(1);
  screen.getAllByText(/3\.2 ms/);
  await userEvent.click(screen.getByRole('button', { name: 'Take broken.png away' }));
  expect(names()).toEqual(['owl.png', 'cat.png', 'dog.png']);
  expect(asked).toHaveLength(4);
  unmount();
});

test('asks two versions side by side about the same image', async () => {
  const { unmount } = renderTrial((version) => classified(version === '1.1.0' ? 'cat' : 'dog'));
  await choose('pet');
  await screen.findByText('cat', { selector: 'p' });
  await userEvent.click(screen.getByRole('combobox', { name: 'Compare with another version' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Beside 1.0.0' }));
  await screen.findByText('dog', { selector: 'p' });
  const [one, other] = screen.getAllByTestId('prediction-result');
  expect(one?.textContent).toMatch(/^1\.1\.0cat/);
  expect(other?.textContent).toMatch(/^1\.0\.0dog/);
  expect(asked).toEqual([
    { version: '1.1.0', text: 'pet' },
    { version: '1.0.0', text: 'pet' },
  ]);
  unmount();
});

test('draws what was found, and only what is sure enough', async () => {
  const box = { classIndex: 0, left: 10, top: 5, width: 20, height: 30 };
  const { unmount } = renderTrial(() => ({
    task: 'detection',
    ...ANSWER,
    boxes: [
      { name: 'cat', score: 0.9, ...box },
      { name: 'dog', score: 0.3, ...box },
    ],
  }));
  await choose('pets');
  await screen.findByText('2 things found');
  const rect = document.querySelector('svg[viewBox="0 0 80 40"] rect');
  expect(['x', 'y', 'width', 'height'].map((name) => rect?.getAttribute(name))).toEqual(['10', '5', '20', '30']);
  screen.getByRole('slider', { name: 'Score from' }).focus();
  await userEvent.keyboard('{PageUp>3/}');
  await screen.findByText('1 thing found');
  expect(within(screen.getByRole('list', { name: 'What was found' })).queryByText('dog')).toBeNull();
  unmount();
});

test('lays the mask over the image, as dense as one wants it, with a legend', async () => {
  const { unmount } = renderTrial(() => ({
    task: 'segmentation',
    ...ANSWER,
    mask: PNG,
    classes: [{ name: 'road', classIndex: 1, color: '#ff0000', share: 0.25 }],
  }));
  await choose('street');
  const mask = await screen.findByAltText<HTMLImageElement>('Which class each pixel of street.png is');
  expect(mask.src).toBe(`data:image/png;base64,${PNG}`);
  expect(screen.getByRole('list', { name: 'Classes in the image' }).textContent).toBe('road25.0%');
  const before = mask.style.opacity;
  screen.getByRole('slider', { name: 'Opacity' }).focus();
  await userEvent.keyboard('{End}');
  expect([before, mask.style.opacity]).toEqual(['0.6', '1']);
  unmount();
});

test('draws the single things that a segmenter finds, and counts them', async () => {
  const { unmount } = renderTrial(() => ({
    task: 'segmentation',
    ...ANSWER,
    mask: PNG,
    classes: [{ name: 'cat', classIndex: 0, color: '#ff0000', share: 0.25 }],
    boxes: [{ name: 'cat', classIndex: 0, score: 0.9, left: 10, top: 5, width: 20, height: 30 }],
  }));
  await choose('pets');
  await screen.findByText('1 thing found');
  const rect = document.querySelector('svg[viewBox="0 0 80 40"] rect');
  expect(rect?.getAttribute('width')).toBe('20');
  unmount();
});

test('says how strange an image is, and where', async () => {
  const { unmount } = renderTrial((_, text) => ({
    task: 'anomaly_detection',
    ...ANSWER,
    score: 12.5,
    isAnomalous: text === 'scratch',
    heatMap: text === 'scratch' ? PNG : null,
    heatMapRange: text === 'scratch' ? [0, 20] : null,
  }));
  await choose('scratch', 'flawless');
  const scratch = within(await screen.findByRole('region', { name: 'scratch.png' }));
  await scratch.findByAltText('Where scratch.png is strange');
  scratch.getByText('Anomalous');
  scratch.getByText('12.5');
  const flawless = within(screen.getByRole('region', { name: 'flawless.png' }));
  flawless.getByText('Normal');
  flawless.getByText('This model does not say where.');
  unmount();
});

test('offers the samples that came with the version', async () => {
  fakeApi([[registryRoutes.artifact, () => new Response('sample')]]);
  const sample: Artifact = { name: 'sample-1.png', sizeBytes: 1, sha256: 'bbb' };
  const { unmount } = renderTrial((_, text) => classified(text), { artifacts: [ONNX, sample] });
  await userEvent.click(screen.getByRole('button', { name: 'Try sample-1.png' }));
  await screen.findByText('sample', { selector: 'p' });
  unmount();
});

/** A camera of which it is known whether it is on. */
function fakeCamera() {
  const stop = vi.fn();
  const stream = { getTracks: () => [{ stop }] };
  const getUserMedia = vi.fn(async () => stream);
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { mediaDevices: { getUserMedia } }));
  let frames = 0;
  Object.defineProperty(HTMLVideoElement.prototype, 'videoWidth', { configurable: true, get: () => 4 });
  HTMLCanvasElement.prototype.getContext = (() => ({ drawImage: () => undefined })) as never;
  HTMLCanvasElement.prototype.toBlob = (done) => {
    frames += 1;
    done(new Blob([`frame ${frames}`]));
  };
  return { stop, getUserMedia };
}

test('takes pictures of the camera, looks live one after the other, and switches it off when it is left', async () => {
  const { stop } = fakeCamera();
  const { unmount } = renderTrial((_, text) => classified(text));
  await userEvent.click(await screen.findByRole('button', { name: 'Use the camera' }));
  const take = screen.getByRole<HTMLButtonElement>('button', { name: 'Take a picture' });
  await expect.poll(() => take.disabled).toBe(false);
  await userEvent.click(take);
  await screen.findByText('frame 1', { selector: 'p' });
  await userEvent.click(screen.getByRole('button', { name: 'Live' }));
  await screen.findByText('frame 3', { selector: 'p' });
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(screen.queryByRole('region', { name: 'Camera, live' })).toBeNull();
  const seen = asked.length;
  expect(stop).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Close the camera' }));
  expect(stop).toHaveBeenCalledTimes(1);
  expect(asked.length).toBe(seen);
  unmount();
});

test('says what to do when the browser keeps the camera', async () => {
  const { getUserMedia } = fakeCamera();
  getUserMedia.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  const { unmount } = renderTrial(() => null);
  await userEvent.click(await screen.findByRole('button', { name: 'Use the camera' }));
  await screen.findByText(/does not let this page use the camera/);
  unmount();
});

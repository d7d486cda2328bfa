import { Fault } from './fault.js';
import { keepBest, type RawBox } from './keep-best.js';
import { type Declared, type Decoder, finite, type Output, type Shown, unknownOutput } from './outputs.js';
import type { Known } from './preprocessing.js';

/** Below this a box is not shown (Ultralytics' default). */
const LEAST_SCORE = 0.25;
const BOXES_LIMIT = 300;
const BACKGROUND = /^(__)?background(__)?$|^배경$/i;

/** Whose detector it is, by how its outputs look. @throws Fault model.output_unknown */
export function detectorOf(outputs: readonly Declared[]): NonNullable<Known['detector']> {
  const named = (name: RegExp) => outputs.some((output) => name.test(output.name));
  if (named(/boxes/) && named(/labels/) && named(/scores/)) return 'torchvision';
  const isInteger = ({ type }: Declared) => type === 'int64' || type === 'int32';
  if (outputs.length >= 3 && outputs.some(isInteger) && outputs.some(({ shape }) => shape.at(-1) === 4)) {
    return 'torchvision';
  }
  const floats = outputs.filter(({ type, shape }) => type === 'float32' && shape.length === 3);
  if (floats.length >= 2 && floats.some(isBoxes)) return 'detr';
  if (floats.length > 0) return 'ultralytics';
  throw unknownOutput('detection', outputs);
}

function isBoxes({ name, shape }: { name: string; shape: readonly (number | string)[] }): boolean {
  return shape.at(-1) === 4 && (/box/i.test(name) || !/logit|class|score/i.test(name));
}

/** @throws Fault model.classes_unknown */
export function detectionDecoder(detector: NonNullable<Known['detector']>, names: string[] | null): Decoder {
  if (!names) throw new Fault('model.classes_unknown');
  const read = { ultralytics: ultralyticsBoxes, torchvision: torchvisionBoxes, detr: detrBoxes }[detector];
  return (outputs, shown) => {
    const boxes = read(outputs, names, shown).slice(0, BOXES_LIMIT);
    return { task: 'detection', boxes: boxes.map((box) => inImage(box, names, shown)) };
  };
}

/** A box of the input as one of the image, cut off at its border. */
export function inImage({ x1, y1, x2, y2, score, classIndex }: RawBox, names: string[], { image, placement }: Shown) {
  const name = names[classIndex];
  if (name === undefined)
    throw new Fault('model.broken', {
      problem: { en: `there is no class ${classIndex}`, ko: `${classIndex}번 클래스가 없습니다` },
    });
  const x = (value: number) => Math.min(Math.max(finite((value - placement.left) / placement.scaleX), 0), image.width);
  const y = (value: number) => Math.min(Math.max(finite((value - placement.top) / placement.scaleY), 0), image.height);
  const [left, top] = [x(x1), y(y1)];
  return { name, classIndex, score, left, top, width: x(x2) - left, height: y(y2) - top };
}

function ultralyticsBoxes(outputs: Output[], names: string[]): RawBox[] {
  const [output] = outputs;
  const boxes = output && boxesOfPlaces(output, names.length);
  if (!boxes) throw unknownOutput('detection', outputs);
  return boxes;
}

/** A box with where else in the output its own numbers are: what its mask is made of. */
export type BoxWithMore = RawBox & { more: (at: number) => number };

/**
 * What Ultralytics exports: for each place its middle, width, height and a score for each class, [4 + classes + more,
 * places], of which many overlap; or, of models that sort these out themselves, [places, 6 + more]: corners, score, class.
 * Null where it has neither form.
 */
export function boxesOfPlaces({ shape, data }: Output, classes: number, more?: number): BoxWithMore[] | null {
  if (shape.length !== 2) return null;
  const [rows = 0, columns = 0] = shape;
  const values = data as ArrayLike<number>;
  if (columns === 6 + (more ?? 0)) return sortedOut(values, rows, columns);
  // What segments has more rows, which a detection does without.
  if (more === undefined ? rows < 4 + classes : rows !== 4 + classes + more) return null;
  const boxes: BoxWithMore[] = [];
  for (let place = 0; place < columns; place += 1) {
    let [classIndex, score] = [-1, LEAST_SCORE];
    for (let at = 0; at < classes; at += 1) {
      const value = values[(4 + at) * columns + place] as number;
      if (value > score) [classIndex, score] = [at, value];
    }
    if (classIndex < 0) continue;
    const moreOf = (at: number) => values[(4 + classes + at) * columns + place] as number;
    boxes.push({ ...around(...four(values, place, columns)), score, classIndex, more: moreOf });
  }
  return keepBest(boxes, BOXES_LIMIT);
}

function sortedOut(data: ArrayLike<number>, rows: number, columns: number): BoxWithMore[] {
  const boxes: BoxWithMore[] = [];
  for (let row = 0; row < rows; row += 1) {
    const from = row * columns;
    const [x1, y1, x2, y2] = four(data, from);
    const [score, label] = [data[from + 4] as number, data[from + 5] as number];
    if (score <= LEAST_SCORE) continue;
    boxes.push({ x1, y1, x2, y2, score, classIndex: Math.round(label), more: (at) => data[from + 6 + at] as number });
  }
  return boxes.sort((a, b) => b.score - a.score).slice(0, BOXES_LIMIT);
}

/** Four numbers that stand `step` apart. */
function four(data: ArrayLike<number | bigint>, from: number, step = 1): [number, number, number, number] {
  const at = (place: number) => Number(data[from + place * step]);
  return [at(0), at(1), at(2), at(3)];
}

const around = (x: number, y: number, width: number, height: number) => ({
  x1: x - width / 2,
  y1: y - height / 2,
  x2: x + width / 2,
  y2: y + height / 2,
});

/** What torchvision exports: corners, labels that count from 1 (0 is the background), scores; already sorted out. */
function torchvisionBoxes(outputs: Output[], names: string[]): RawBox[] {
  const isInteger = ({ type }: Output) => type === 'int64' || type === 'int32';
  const labels = outputs.find(isInteger) ?? outputs.find(({ name }) => /labels/.test(name));
  const boxes = outputs.find(({ shape, name }) => shape.at(-1) === 4 && /box/i.test(name)) ?? outputs.find(isBoxes);
  const scores =
    outputs.find(({ name }) => /scores/.test(name)) ?? outputs.find((one) => one !== labels && one !== boxes);
  if (!labels || !boxes || !scores || boxes.data.length !== 4 * scores.data.length) {
    throw unknownOutput('detection', outputs);
  }
  const offset = BACKGROUND.test(names[0] ?? '') ? 0 : 1;
  const found: RawBox[] = [];
  for (let at = 0; at < scores.data.length; at += 1) {
    const score = Number(scores.data[at]);
    if (score <= LEAST_SCORE) continue;
    const [x1, y1, x2, y2] = four(boxes.data, at * 4);
    found.push({ x1, y1, x2, y2, score, classIndex: Number(labels.data[at]) - offset });
  }
  return found.sort((a, b) => b.score - a.score);
}

/**
 * What DETR and its kin export: for each query a middle, width and height as shares of the input, and logits. With one
 * class more than there are names it is the softmax, and the last class is “nothing”; else each class has its sigmoid.
 */
function detrBoxes(outputs: Output[], names: string[], { input }: Shown): RawBox[] {
  const boxes = outputs.find(isBoxes);
  const logits = outputs.find((one) => one !== boxes && one.shape.length === 2 && one.shape[0] === boxes?.shape[0]);
  const classes = logits?.shape[1] ?? 0;
  if (!boxes || !logits || (classes !== names.length && classes !== names.length + 1)) {
    throw unknownOutput('detection', outputs);
  }
  const values = logits.data as ArrayLike<number>;
  const found: RawBox[] = [];
  for (let query = 0; query < (logits.shape[0] ?? 0); query += 1) {
    const row = Array.from({ length: classes }, (_, at) => values[query * classes + at] as number);
    const largest = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    const best = row.slice(0, names.length).reduce((most, value, at, all) => (value > (all[most] ?? 0) ? at : most), 0);
    const logit = row[best] as number;
    const score = classes > names.length ? Math.exp(logit - largest) / total : 1 / (1 + Math.exp(-logit));
    if (score <= LEAST_SCORE) continue;
    const [x, y, width, height] = four(boxes.data, query * 4);
    const box = around(x * input.width, y * input.height, width * input.width, height * input.height);
    found.push({ ...box, score, classIndex: best });
  }
  return found.sort((a, b) => b.score - a.score);
}

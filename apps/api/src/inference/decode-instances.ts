import { type BoxWithMore, boxesOfPlaces, inImage } from './decode-detection.js';
import { drawn, maskSize } from './decode-segmentation.js';
import { Fault } from './fault.js';
import { type Decoder, finite, type Output, type Size, unknownOutput } from './outputs.js';
import { roundHalfEven } from './prepare-image.js';

/**
 * Single things with a mask each, as Ultralytics segments: each box has as many numbers as there are prototypes, and its
 * mask is their sum, so weighted, where that is above 0 within the box. Where two things overlap, the surer one is shown.
 * @throws Fault model.classes_unknown
 */
export function instanceDecoder(names: string[] | null): Decoder {
  if (!names) throw new Fault('model.classes_unknown');
  return (outputs, shown) => {
    const prototypes = outputs.find(({ shape }) => shape.length === 3);
    const places = outputs.find((one) => one !== prototypes);
    const found = prototypes && places && boxesOfPlaces(places, names.length, prototypes.shape[0]);
    if (!found) throw unknownOutput('segmentation', outputs);
    const size = maskSize(shown.image);
    const classes = new Uint16Array(size.width * size.height);
    const finer = finerBy(prototypes, shown.image);
    const grid = gridOf(prototypes, finer, shown.image, size);
    const boxes = found.flatMap((raw) => {
      const box = inImage(raw, names, shown);
      const [x, y] = [size.width / shown.image.width, size.height / shown.image.height];
      const area = {
        ...{ left: box.left * x, right: (box.left + box.width) * x },
        ...{ top: box.top * y, bottom: (box.top + box.height) * y },
      };
      return paint(classes, size, enlarged(sumOf(prototypes, raw), prototypes, finer), grid, area, raw.classIndex + 1)
        ? [box]
        : [];
    });
    const { mask, classes: drawnClasses } = drawn(classes, size, ['background', ...names]);
    const ofModel = drawnClasses.map((one) => ({ ...one, classIndex: one.classIndex - 1 }));
    return { task: 'segmentation', mask, classes: ofModel, boxes };
  };
}

/** The prototypes, weighted by what the box says of each. */
function sumOf({ shape, data }: Output, { more }: BoxWithMore): Float32Array {
  const [count = 0, height = 0, width = 0] = shape;
  const sum = new Float32Array(height * width);
  for (let at = 0; at < count; at += 1) {
    const weight = finite(more(at));
    const from = at * sum.length;
    for (let place = 0; place < sum.length; place += 1) {
      sum[place] = (sum[place] as number) + weight * (data[from + place] as number);
    }
  }
  return sum;
}

/** How many pixels of the input a prototype has on each side. */
const STRIDE = 4;

/**
 * By how much the prototypes are enlarged so that the border of the letterbox can be cut off at whole pixels: 1, 2 or 4
 * (https://github.com/ultralytics/ultralytics/blob/main/ultralytics/utils/ops.py, process_mask_native).
 */
function finerBy({ shape }: Output, image: Size): 1 | 2 | 4 {
  const [, height = 0, width = 0] = shape.map((side) => side * STRIDE);
  const scale = Math.min(height / image.height, width / image.width);
  const borders = [height - inner(image.height, scale), width - inner(image.width, scale)];
  if (borders.every((border) => border % 8 === 0)) return 1;
  return borders.every((border) => border % 4 === 0) ? 2 : 4;
}

function inner(side: number, scale: number): number {
  return Math.max(roundHalfEven(side * scale), 1);
}

function enlarged(sum: Float32Array, { shape }: Output, times: number): Float32Array {
  if (times === 1) return sum;
  const [, height = 0, width = 0] = shape;
  const rows = placesOf(height * times, { from: 0, length: height });
  const columns = placesOf(width * times, { from: 0, length: width });
  const large = new Float32Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      large[at] = between(sum, width, row, column);
      at += 1;
    }
  }
  return large;
}

type Place = { first: number; second: number; share: number };
type Grid = { width: number; columns: Place[]; rows: Place[] };

/** Between which of the enlarged prototypes each pixel of the mask lies, the border of the letterbox cut off. */
function gridOf({ shape }: Output, times: number, image: Size, size: Size): Grid {
  const [, height = 0, width = 0] = shape.map((side) => side * times);
  const scale = Math.min(height / image.height, width / image.width);
  const within = (side: number, outer: number) => {
    const length = inner(side, scale);
    return { from: roundHalfEven((outer - length) / 2 - 0.1), length };
  };
  return {
    width,
    columns: placesOf(size.width, within(image.width, width)),
    rows: placesOf(size.height, within(image.height, height)),
  };
}

function between(values: Float32Array, width: number, row: Place, { first, second, share }: Place): number {
  const at = (from: number) => {
    const left = values[from + first] as number;
    return left + ((values[from + second] as number) - left) * share;
  };
  const above = at(row.first * width);
  return above + (at(row.second * width) - above) * row.share;
}

/** PyTorch's bilinear interpolation, align_corners=False. */
function placesOf(side: number, { from, length }: { from: number; length: number }): Place[] {
  return Array.from({ length: side }, (_, at) => {
    const place = Math.max(((at + 0.5) * length) / side - 0.5, 0);
    const first = Math.min(Math.floor(place), length - 1);
    return { first: from + first, second: from + Math.min(first + 1, length - 1), share: place - first };
  });
}

type Area = { left: number; right: number; top: number; bottom: number };

/** Marks what is above 0 within the area, and by nothing surer yet. Whether anything is above 0. */
function paint(classes: Uint16Array, size: Size, sum: Float32Array, grid: Grid, area: Area, value: number): boolean {
  let isAnything = false;
  const [lastRow, lastColumn] = [
    Math.min(size.height, Math.ceil(area.bottom)),
    Math.min(size.width, Math.ceil(area.right)),
  ];
  for (let y = Math.ceil(area.top); y < lastRow; y += 1) {
    for (let x = Math.ceil(area.left); x < lastColumn; x += 1) {
      if (between(sum, grid.width, grid.rows[y] as Place, grid.columns[x] as Place) <= 0) continue;
      isAnything = true;
      const pixel = y * size.width + x;
      if (classes[pixel] === 0) classes[pixel] = value;
    }
  }
  return isAnything;
}

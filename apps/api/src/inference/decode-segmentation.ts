import { Fault } from './fault.js';
import { indexedPng, type Rgba } from './indexed-png.js';
import { type Decoder, finite, type Output, type Shown, type Size, unknownOutput } from './outputs.js';

const BACKGROUND = /^(__)?background(__)?$|^배경$/i;
/** The longest side of a mask. */
const MASK_SIDE = 4096;
/** How many a palette holds. */
const PALETTE = 256;
const CLEAR: Rgba = [0, 0, 0, 0];

/** A class for each pixel of the image. @throws Fault model.classes_unknown */
export function segmentationDecoder(names: string[] | null): Decoder {
  return (outputs, shown) => {
    const output = outputs.find(({ shape }) => shape.length === 3 || shape.length === 2);
    if (!output) throw unknownOutput('segmentation', outputs);
    const planes = output.shape.length === 3 ? (output.shape[0] ?? 0) : 1;
    const isMap = planes === 1 && output.type !== 'float32';
    const classNames = isMap || planes > 1 ? names : twoNames(names);
    if (!classNames) throw new Fault('model.classes_unknown');
    if (!isMap && Math.max(planes, 2) !== Math.max(names?.length ?? 2, 2)) {
      throw new Fault('model.broken', {
        problem: {
          en: `it tells ${Math.max(planes, 2)} classes apart, not ${names?.length}`,
          ko: `클래스를 ${names?.length}개가 아니라 ${Math.max(planes, 2)}개로 나눕니다`,
        },
      });
    }
    const size = maskSize(shown.image);
    const classes = isMap ? nearest(output, shown, size) : likeliest(output, planes, shown, size);
    return { task: 'segmentation', ...drawn(classes, size, classNames) };
  };
}

/** A model of one plane tells a thing from what is around it. */
function twoNames(names: string[] | null): string[] {
  const [first = 'background', second] = names ?? [];
  if (second !== undefined) return [first, second];
  return ['background', names ? first : 'foreground'];
}

export function maskSize({ width, height }: Size): Size {
  const scale = Math.min(1, MASK_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Between which two places of an output each pixel of the mask lies, and how far (PyTorch's align_corners=False). */
function placesOf(
  maskSide: number,
  imageSide: number,
  inputSide: number,
  outputSide: number,
  scale: number,
  offset: number,
) {
  return Array.from({ length: maskSide }, (_, at) => {
    const inInput = ((at + 0.5) * imageSide * scale) / maskSide + offset;
    const place = Math.min(Math.max((inInput * outputSide) / inputSide - 0.5, 0), outputSide - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, outputSide - 1), share: place - first };
  });
}

function gridOf({ image, input, placement }: Shown, { shape }: Output, size: Size) {
  const [height = 0, width = 0] = shape.slice(-2);
  return {
    width,
    height,
    columns: placesOf(size.width, image.width, input.width, width, placement.scaleX, placement.left),
    rows: placesOf(size.height, image.height, input.height, height, placement.scaleY, placement.top),
  };
}

/** The class at each pixel where a model answers with places of classes. */
function nearest(output: Output, shown: Shown, size: Size): Uint16Array {
  const { width, columns, rows } = gridOf(shown, output, size);
  const near = ({ first, second, share }: { first: number; second: number; share: number }) =>
    share < 0.5 ? first : second;
  const classes = new Uint16Array(size.width * size.height);
  let at = 0;
  for (const row of rows) {
    const from = near(row) * width;
    for (const column of columns) {
      classes[at] = Number(output.data[from + near(column)]);
      at += 1;
    }
  }
  return classes;
}

/** The likeliest class of each pixel: what the model says of each class, bilinear in between. */
function likeliest(output: Output, planes: number, shown: Shown, size: Size): Uint16Array {
  const { width, height, columns, rows } = gridOf(shown, output, size);
  const data = output.data as ArrayLike<number>;
  const threshold = thresholdOf(data);
  const classes = new Uint16Array(size.width * size.height);
  const blended = new Float32Array(planes * width);
  rows.forEach((row, y) => {
    for (let plane = 0; plane < planes; plane += 1) {
      const [upper, lower] = [(plane * height + row.first) * width, (plane * height + row.second) * width];
      for (let x = 0; x < width; x += 1) {
        const [above, below] = [data[upper + x] as number, data[lower + x] as number];
        blended[plane * width + x] = above + (below - above) * row.share;
      }
    }
    columns.forEach(({ first, second, share }, x) => {
      let [best, most] = [0, Number.NEGATIVE_INFINITY];
      for (let plane = 0; plane < planes; plane += 1) {
        const [left, right] = [blended[plane * width + first] as number, blended[plane * width + second] as number];
        const value = left + (right - left) * share;
        if (value > most) [best, most] = [plane, value];
      }
      classes[y * size.width + x] = planes === 1 ? Number(most > threshold) : best;
    });
  });
  return classes;
}

/** Half of a probability; of what is no probability yet, 0. */
function thresholdOf(data: ArrayLike<number>): number {
  for (let at = 0; at < data.length; at += 1) {
    const value = finite(data[at] as number);
    if (value < 0 || value > 1) return 0;
  }
  return 0.5;
}

export function drawn(classes: Uint16Array, { width, height }: Size, names: string[]) {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  const order = [...counts].sort(([, a], [, b]) => b - a).map(([one]) => one);
  if (order.length > PALETTE || order.some((one) => one >= names.length)) {
    throw new Fault('model.broken', {
      problem: {
        en: `it answers more classes than the ${names.length} it has`,
        ko: `클래스가 ${names.length}개인데 그보다 많이 답합니다`,
      },
    });
  }
  const places = new Uint16Array(names.length);
  order.forEach((one, place) => {
    places[one] = place;
  });
  const mask = Uint8Array.from(classes, (one) => places[one] as number);
  const colors = order.map((one) => (BACKGROUND.test(names[one] ?? '') ? CLEAR : colorOf(one)));
  return {
    mask: indexedPng(mask, width, height, colors).toString('base64'),
    classes: order.map((one, place) => ({
      name: names[one] as string,
      classIndex: one,
      color: `#${Buffer.from(colors[place]?.slice(0, 3) ?? []).toString('hex')}`,
      share: (counts.get(one) ?? 0) / classes.length,
    })),
  };
}

/** A colour of its own for each class: hues a golden angle apart never come close to those just before. */
function colorOf(classIndex: number): Rgba {
  const hue = (classIndex * 137.508) % 360;
  // HSL to RGB (https://www.w3.org/TR/css-color-4/#hsl-to-rgb), 75 % saturated, of half lightness.
  const part = (shift: number) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (0.5 - 0.375 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4), 255];
}

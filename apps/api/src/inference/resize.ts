// Three ways of resizing that differ by up to one in 255: a model answers as in training only with its own.

/** RGB pixels, 3 bytes each, row by row. */
export type Pixels = { data: Uint8Array; width: number; height: number };

type Weights = { from: number; values: Float64Array };

/**
 * Which pixels each new one is made of: bilinear, and averaging all it covers where the image shrinks, as Pillow and
 * PyTorch's `interpolate(mode="bilinear", antialias=True, align_corners=False)` do.
 */
function weightsOf(size: number, newSize: number): Weights[] {
  const scale = size / newSize;
  const reach = Math.max(scale, 1);
  return Array.from({ length: newSize }, (_, at) => {
    const center = scale * (at + 0.5);
    const from = Math.max(Math.trunc(center - reach + 0.5), 0);
    const to = Math.min(Math.trunc(center + reach + 0.5), size);
    const values = Float64Array.from({ length: to - from }, (__, index) =>
      Math.max(1 - Math.abs((from + index - center + 0.5) / reach), 0),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    return { from, values: values.map((value) => value / sum) };
  });
}

/** Resizes the rows of an image, and turns it on its side, so that the same does the columns next. */
function resizeRows(
  source: ArrayLike<number>,
  width: number,
  height: number,
  weights: Weights[],
  finish = (sum: number) => sum,
): Float32Array {
  const target = new Float32Array(weights.length * height * 3);
  for (let row = 0; row < height; row += 1) {
    weights.forEach(({ from, values }, column) => {
      let [red, green, blue] = [0, 0, 0];
      let at = (row * width + from) * 3;
      for (let index = 0; index < values.length; index += 1) {
        const weight = values[index] as number;
        red += (source[at] as number) * weight;
        green += (source[at + 1] as number) * weight;
        blue += (source[at + 2] as number) * weight;
        at += 3;
      }
      const to = (column * height + row) * 3;
      target[to] = finish(red);
      target[to + 1] = finish(green);
      target[to + 2] = finish(blue);
    });
  }
  return target;
}

/** As PyTorch resizes floats: nothing is rounded. Values are 0 to 255. */
export function resizeAntialiased({ data, width, height }: Pixels, newWidth: number, newHeight: number): Float32Array {
  const turned = resizeRows(data, width, height, weightsOf(width, newWidth));
  return resizeRows(turned, height, newWidth, weightsOf(height, newHeight));
}

/** Bits of the fraction in Pillow's weights (PRECISION_BITS). */
const PILLOW_FRACTION = 2 ** 22;

/**
 * As Pillow's `resize(…, BILINEAR)` of bytes: in its fixed-point arithmetic, rounded after the rows and after the columns
 * (https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c).
 */
export function resizeAsPillow({ data, width, height }: Pixels, newWidth: number, newHeight: number): Float32Array {
  const inFixedPoint = ({ from, values }: Weights) => ({
    from,
    values: values.map((value) => Math.round(value * PILLOW_FRACTION)),
  });
  const weights = (size: number, newSize: number) => weightsOf(size, newSize).map(inFixedPoint);
  const turned = resizeRows(data, width, height, weights(width, newWidth), rounded);
  return resizeRows(turned, height, newWidth, weights(height, newHeight), rounded);
}

const rounded = (sum: number) => Math.floor(sum / PILLOW_FRACTION + 0.5);

/** Bits of the fraction in OpenCV's weights (INTER_RESIZE_COEF_BITS). */
const OPENCV_FRACTION = 2048;

function neighboursOf(size: number, newSize: number) {
  const scale = size / newSize;
  return Array.from({ length: newSize }, (_, at) => {
    const place = Math.fround((at + 0.5) * scale - 0.5);
    const first = Math.min(Math.max(Math.floor(place), 0), size - 1);
    const share = place < 0 || first === size - 1 ? 0 : Math.fround(place - first);
    const [near, far] = [Math.round(Math.fround(1 - share) * OPENCV_FRACTION), Math.round(share * OPENCV_FRACTION)];
    return { first, second: Math.min(first + 1, size - 1), near, far };
  });
}

/**
 * As OpenCV's `resize(…, INTER_LINEAR)` of bytes: four neighbours, in its fixed-point arithmetic
 * (https://github.com/opencv/opencv/blob/4.x/modules/imgproc/src/resize.cpp), and their mean where the size is halved.
 */
export function resizeAsOpenCv({ data, width, height }: Pixels, newWidth: number, newHeight: number): Uint8Array {
  if (width === newWidth && height === newHeight) return data;
  const halved = width === newWidth * 2 && height === newHeight * 2;
  const columns = neighboursOf(width, newWidth);
  const target = new Uint8Array(newWidth * newHeight * 3);
  neighboursOf(height, newHeight).forEach(({ first, second, near, far }, row) => {
    const [upper, lower] = [first * width * 3, second * width * 3];
    columns.forEach((column, at) => {
      const [left, right] = [column.first * 3, column.second * 3];
      for (let channel = 0; channel < 3; channel += 1) {
        const a = data[upper + left + channel] as number;
        const b = data[upper + right + channel] as number;
        const c = data[lower + left + channel] as number;
        const d = data[lower + right + channel] as number;
        const to = (row * newWidth + at) * 3 + channel;
        if (halved) {
          target[to] = (a + b + c + d + 2) >> 2;
        } else {
          const above = a * column.near + b * column.far;
          const below = c * column.near + d * column.far;
          target[to] = (((near * (above >> 4)) >> 16) + ((far * (below >> 4)) >> 16) + 2) >> 2;
        }
      }
    });
  });
  return target;
}

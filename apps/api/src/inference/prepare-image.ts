/** How an image becomes the input of a model that does not prepare it itself. Values are (pixel / 255 − mean) / std. */
export type Preparation = {
  height: number;
  width: number;
  /** Whether the input is [1, height, width, 3] rather than [1, 3, height, width]. */
  channelsLast: boolean;
  /** Of red, green and blue. */
  mean: number[];
  std: number[];
};

/** RGB pixels, 3 bytes each, row by row. */
export type Pixels = { data: Uint8Array; width: number; height: number };

type Weights = { from: number; values: Float32Array };

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
    const values = Float32Array.from({ length: to - from }, (__, index) =>
      Math.max(1 - Math.abs((from + index - center + 0.5) / reach), 0),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    return { from, values: values.map((value) => value / sum) };
  });
}

/** Resizes the rows of an image, and turns it on its side. */
function resizeRows(source: ArrayLike<number>, width: number, height: number, weights: Weights[]): Float32Array {
  const target = new Float32Array(weights.length * height * 3);
  for (let row = 0; row < height; row += 1) {
    weights.forEach(({ from, values }, column) => {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let index = 0; index < values.length; index += 1) {
          sum += (source[(row * width + from + index) * 3 + channel] as number) * (values[index] as number);
        }
        // So the same is done with the columns next.
        target[(column * height + row) * 3 + channel] = sum;
      }
    });
  }
  return target;
}

/** The values of a model's input for one image. */
export function prepareImage(
  { data, width, height }: Pixels,
  { height: newHeight, width: newWidth, channelsLast, mean, std }: Preparation,
): Float32Array {
  const turned = resizeRows(data, width, height, weightsOf(width, newWidth));
  const resized = resizeRows(turned, height, newWidth, weightsOf(height, newHeight));
  const count = newHeight * newWidth;
  const input = new Float32Array(count * 3);
  for (let pixel = 0; pixel < count; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const value =
        ((resized[pixel * 3 + channel] as number) / 255 - (mean[channel] as number)) / (std[channel] as number);
      input[channelsLast ? pixel * 3 + channel : channel * count + pixel] = value;
    }
  }
  return input;
}

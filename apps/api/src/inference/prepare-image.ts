import { type Pixels, resizeAntialiased, resizeAsOpenCv, resizeAsPillow } from './resize.js';

/**
 * How an image comes to the size of the input: `stretch`ed, proportions not kept, as recipes here do; into the middle of
 * a grey `letterbox`, as Ultralytics detects; or `crop`ped to the middle, as Ultralytics classifies.
 */
export type Fit = 'stretch' | 'letterbox' | 'crop';

/** How an image becomes the input of a model that does not prepare it itself. Values are (pixel / 255 − mean) / std. */
export type Preparation = {
  height: number;
  width: number;
  /** Whether the input is [1, height, width, 3] rather than [1, 3, height, width]. */
  channelsLast: boolean;
  /** Of red, green and blue. */
  mean: number[];
  std: number[];
  fit: Fit;
};

/** Where the image came to lie in the input: x in the input is x in the image × scaleX + left, and so with y. */
export type Placement = { scaleX: number; scaleY: number; left: number; top: number };

/** What Ultralytics fills the letterbox with. */
const GREY = 114;

/** The values of a model's input for one image. */
export function prepareImage(
  pixels: Pixels,
  preparation: Preparation,
): { values: Float32Array<ArrayBuffer>; placement: Placement } {
  const { pixels: fitted, placement } = FITS[preparation.fit](pixels, preparation);
  return { values: normalized(fitted, preparation), placement };
}

function normalized(pixels: ArrayLike<number>, { height, width, channelsLast, mean, std }: Preparation) {
  const count = height * width;
  const values = new Float32Array(count * 3);
  const [step, plane] = channelsLast ? [3, 1] : [1, count];
  for (let channel = 0; channel < 3; channel += 1) {
    const [middle, spread] = [mean[channel] as number, std[channel] as number];
    for (let pixel = 0; pixel < count; pixel += 1) {
      values[pixel * step + channel * plane] = ((pixels[pixel * 3 + channel] as number) / 255 - middle) / spread;
    }
  }
  return values;
}

type Fitted = { pixels: ArrayLike<number>; placement: Placement };

const FITS: Record<Fit, (pixels: Pixels, to: Preparation) => Fitted> = { stretch, letterbox, crop };

function stretch(pixels: Pixels, { width, height }: Preparation): Fitted {
  const placement = { scaleX: width / pixels.width, scaleY: height / pixels.height, left: 0, top: 0 };
  return { pixels: resizeAntialiased(pixels, width, height), placement };
}

/** https://github.com/ultralytics/ultralytics/blob/main/ultralytics/data/augment.py, LetterBox */
function letterbox(pixels: Pixels, { width, height }: Preparation): Fitted {
  const scale = Math.min(height / pixels.height, width / pixels.width);
  const newWidth = Math.max(roundHalfEven(pixels.width * scale), 1);
  const newHeight = Math.max(roundHalfEven(pixels.height * scale), 1);
  const left = roundHalfEven((width - newWidth) / 2 - 0.1);
  const top = roundHalfEven((height - newHeight) / 2 - 0.1);
  const inner = resizeAsOpenCv(pixels, newWidth, newHeight);
  const outer = new Uint8Array(width * height * 3).fill(GREY);
  for (let row = 0; row < newHeight; row += 1) {
    outer.set(inner.subarray(row * newWidth * 3, (row + 1) * newWidth * 3), ((top + row) * width + left) * 3);
  }
  return {
    pixels: outer,
    placement: { scaleX: newWidth / pixels.width, scaleY: newHeight / pixels.height, left, top },
  };
}

/** https://github.com/pytorch/vision: Resize of the shorter side and CenterCrop, on a Pillow image. */
function crop(pixels: Pixels, { width, height }: Preparation): Fitted {
  const size = Math.max(width, height);
  const [short, long] = [Math.min(pixels.width, pixels.height), Math.max(pixels.width, pixels.height)];
  const newLong = Math.trunc((size * long) / short);
  const [newWidth, newHeight] = pixels.width <= pixels.height ? [size, newLong] : [newLong, size];
  const resized = resizeAsPillow(pixels, newWidth, newHeight);
  const left = roundHalfEven((newWidth - width) / 2);
  const top = roundHalfEven((newHeight - height) / 2);
  const middle = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const from = ((top + row) * newWidth + left) * 3;
    middle.set(resized.subarray(from, from + width * 3), row * width * 3);
  }
  const placement = { scaleX: newWidth / pixels.width, scaleY: newHeight / pixels.height, left: -left, top: -top };
  return { pixels: middle, placement };
}

/** As Python rounds: 0.5 to the even number. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

import type { ModelVersion, Prediction, TaskType } from '@mallo/contracts';
import { Fault } from './fault.js';
import type { Fit, Preparation } from './prepare-image.js';
import type { PreprocessingFile } from './preprocessing-file.js';
import type { Pixels } from './resize.js';
import type { UltralyticsMetadata } from './ultralytics-metadata.js';

type Normalization = { mean: number[]; std: number[]; fit: Fit };

/** What most models were trained with, and what is taken when nothing else is said. */
const IMAGENET: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], fit: 'stretch' };
/** Values from 0 to 1: what detectors of torchvision read, which normalize by themselves. */
const UNIT: Normalization = { mean: [0, 0, 0], std: [1, 1, 1], fit: 'stretch' };
const ULTRALYTICS: Normalization = { ...UNIT, fit: 'letterbox' };
const ULTRALYTICS_SIZE = 640;

/** Where neither the model nor anything else says how large: the image's own size, up to here. */
const OWN_SIZE_LIMIT = 1024;
/** What such models shrink their input by. */
const STRIDE = 32;
/** The square of a larger side would not fit into memory. */
const SIDE_LIMIT = 10_000;

/** What is known of a model besides its own input. */
export type Known = {
  task: TaskType;
  preprocessing: PreprocessingFile | null;
  inputShape: ModelVersion['inputShape'];
  ultralytics: UltralyticsMetadata | null;
  /** What its outputs look like, for a detector. */
  detector: 'ultralytics' | 'torchvision' | 'detr' | null;
};

/** Makes the preparation of one image, and says by whose word. */
export type Recipe = { of: (pixels: Pixels) => Preparation; source: Prediction['preprocessing'] };

/**
 * How images are prepared for a model that reads numbers, by preprocessing.json, by what its exporter wrote into the ONNX
 * file, or as for most models of its form. `shape` is that of its input, symbols where a size is free.
 * @throws Fault model.input_unknown when it is not that of one colour image
 */
export function recipeOf(shape: readonly (number | string)[], known: Known): Recipe {
  const file = known.preprocessing;
  const layout = layoutOf(shape, known);
  if (!layout) throw new Fault('model.input_unknown');
  const { channelsLast } = layout;
  const height = layout.height ?? file?.imageSize ?? sizeWritten(known)?.[0];
  const width = layout.width ?? file?.imageSize ?? sizeWritten(known)?.[1];
  if (known.task === 'classification' && (!height || !width)) throw new Fault('model.input_unknown');
  if (Math.max(height ?? 0, width ?? 0) > SIDE_LIMIT) throw new Fault('model.input_unknown');
  const [normalization, source] = normalizationOf(file, known);
  const of = (pixels: Pixels) => ({
    height: height ?? ownSize(pixels.height, pixels),
    width: width ?? ownSize(pixels.width, pixels),
    channelsLast,
    ...normalization,
  });
  return { of, source };
}

function normalizationOf(file: PreprocessingFile | null, known: Known): [Normalization, Recipe['source']] {
  if (file) return [{ mean: file.mean, std: file.std, fit: 'stretch' }, 'file'];
  if (known.ultralytics) {
    const fit = known.ultralytics.task === 'classify' ? 'crop' : 'letterbox';
    return [{ ...ULTRALYTICS, fit }, 'metadata'];
  }
  if (known.detector === 'ultralytics') return [ULTRALYTICS, 'default'];
  return [known.detector === 'torchvision' ? UNIT : IMAGENET, 'default'];
}

/** Height and width where the input leaves them open but something else says them. */
function sizeWritten({ ultralytics, detector }: Known): [number, number] | null {
  if (ultralytics?.size) return ultralytics.size;
  return detector === 'ultralytics' ? [ULTRALYTICS_SIZE, ULTRALYTICS_SIZE] : null;
}

function layoutOf(shape: readonly (number | string)[], { inputShape }: Known) {
  // Detectors of torchvision read one image without a batch around it.
  if (shape.length !== 4 && shape.length !== 3) return null;
  const registered = inputShape?.length === shape.length ? inputShape : [];
  const [first, second, third] = shape
    .map((size, at) => (typeof size === 'number' && size > 0 ? size : sizeOr(registered[at])))
    .slice(-3);
  const batch = shape.length === 4 ? shape[0] : 1;
  const channelsLast = third === 3 && first !== 3;
  if ((typeof batch === 'number' && batch > 1) || (!channelsLast && first !== 3)) return null;
  const [height, width] = channelsLast ? [first, second] : [second, third];
  return { height, width, channelsLast };
}

const sizeOr = (size: number | undefined) => (size !== undefined && size > 0 ? size : undefined);

function ownSize(side: number, { width, height }: Pixels): number {
  const scale = Math.min(1, OWN_SIZE_LIMIT / Math.max(width, height));
  return Math.max(1, Math.round((side * scale) / STRIDE)) * STRIDE;
}

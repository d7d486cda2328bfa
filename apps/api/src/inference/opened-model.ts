import type { Prediction } from '@mallo/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readPixels } from '../images/open-image.js';
import { readOnnxMetadata } from '../model-files/onnx-metadata.js';
import { anomalyDecoder } from './decode-anomaly.js';
import { classificationDecoder } from './decode-classification.js';
import { detectionDecoder, detectorOf } from './decode-detection.js';
import { instanceDecoder } from './decode-instances.js';
import { segmentationDecoder } from './decode-segmentation.js';
import { Fault } from './fault.js';
import type { Declared, Decoder, Output, Shown } from './outputs.js';
import { type Placement, prepareImage } from './prepare-image.js';
import { type Known, type Recipe, recipeOf } from './preprocessing.js';
import type { Job, OpenRequest } from './runner.messages.js';
import { ultralyticsMetadata } from './ultralytics-metadata.js';

/** What one run of the model is given: images of the same shape, one after the other. */
export type Prepared = {
  values: Float32Array | Uint8Array;
  /** The first is how many. */
  shape: number[];
  shown: Shown;
  source: Prediction['preprocessing'];
};

const UNMOVED: Placement = { scaleX: 1, scaleY: 1, left: 0, top: 0 };

/** A session with all that is known of the model: makes predictions of images. */
export class OpenedModel {
  private constructor(
    private readonly session: InferenceSession,
    private readonly input: Declared,
    private readonly recipe: Recipe | null,
    private readonly decode: Decoder,
    /** Whether several images can be computed in one run. */
    readonly takesBatches: boolean,
  ) {}

  /** @throws Fault model.broken, model.input_unknown, model.output_unknown, model.classes_unknown, model.file_damaged */
  static async open(request: OpenRequest): Promise<OpenedModel> {
    const session = await InferenceSession.create(request.path, { executionProviders: ['cpu'], logSeverityLevel: 4 });
    const ultralytics = ultralyticsMetadata(await readOnnxMetadata(request.path));
    const [input, ...others] = declared(session.inputMetadata);
    const outputs = declared(session.outputMetadata).map(asFloat32);
    if (!input || others.length > 0) throw new Fault('model.input_unknown');
    const names = request.classNames ?? ultralytics?.names ?? null;
    const detector = request.task === 'detection' ? detectorOf(outputs) : null;
    const readsPixels = input.type === 'uint8' && input.shape.at(-1) === 3 && input.shape.length === 4;
    if (!readsPixels && input.type !== 'float32' && input.type !== 'float16') throw new Fault('model.input_unknown');
    const recipe = readsPixels ? null : recipeOf(input.shape, { ...request, ultralytics, detector });
    const isOfThings = request.task === 'segmentation' && ultralytics?.task === 'segment';
    const decode = isOfThings ? instanceDecoder(names) : decoderOf(request.task, names, detector);
    return new OpenedModel(session, input, recipe, decode, takesBatches(input, outputs));
  }

  /** @throws Fault image.unreadable, request.invalid */
  async prepare(job: Job): Promise<Prepared> {
    return 'image' in job ? this.prepareImage(job.image) : this.prepareNumbers(job.numbers, job.shape);
  }

  /** Computes what was prepared, all of one shape, in one run. @throws Fault, and what onnxruntime throws */
  async predict(prepared: Prepared[]): Promise<Prediction[][]> {
    const counts = prepared.map(({ shape }) => shape[0] ?? 1);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const startedMs = performance.now();
    const outputs = await this.session.run({ [this.input.name]: this.tensorOf(prepared, total) });
    const latencyMs = performance.now() - startedMs;
    let at = 0;
    return prepared.map(({ shown, source }, index) =>
      Array.from({ length: counts[index] ?? 1 }, () => {
        const said = this.decode(this.partOf(outputs, at, total), shown);
        at += 1;
        return { ...said, image: shown.image, latencyMs, batchSize: total, preprocessing: source };
      }),
    );
  }

  private async prepareImage(file: Uint8Array): Promise<Prepared> {
    const pixels = await readPixels(Buffer.from(file.buffer, file.byteOffset, file.byteLength)).catch(
      (cause: unknown) => {
        throw new Fault('image.unreadable', {}, { cause });
      },
    );
    const image = { width: pixels.width, height: pixels.height };
    if (!this.recipe) {
      const shape = [1, pixels.height, pixels.width, 3];
      return { values: pixels.data, shape, shown: { image, input: image, placement: UNMOVED }, source: 'model' };
    }
    const preparation = this.recipe.of(pixels);
    const { values, placement } = prepareImage(pixels, preparation);
    const { height, width, channelsLast } = preparation;
    const shape = channelsLast ? [1, height, width, 3] : [1, 3, height, width];
    return { values, shape, shown: { image, input: { width, height }, placement }, source: this.recipe.source };
  }

  private prepareNumbers(bytes: Uint8Array, shape: number[]): Prepared {
    const { type } = this.input;
    const isPixels = type === 'uint8';
    const bytesEach = isPixels ? 1 : type === 'float16' ? 2 : 4;
    const count = shape.reduce((product, size) => product * size, 1);
    const expected = this.input.shape;
    const free = expected.length === 3 ? [shape[0] === 1 ? 1 : 'one', ...expected] : expected;
    const fits =
      shape.length === free.length && free.every((size, at) => typeof size === 'string' || size === shape[at]);
    if (!fits || bytes.byteLength !== count * bytesEach) {
      const problem = `the model reads ${type}[${expected.join(', ')}], not ${bytes.byteLength} bytes as [${shape.join(', ')}]`;
      throw new Fault('request.invalid', { problem });
    }
    const channelsLast = shape.at(-1) === 3 && (isPixels || shape[1] !== 3);
    const [height = 0, width = 0] = channelsLast ? shape.slice(1) : shape.slice(2);
    const size = { width, height };
    const values = isPixels ? bytes : type === 'float16' ? halvesOf(bytes) : floatsOf(bytes);
    return { values, shape, shown: { image: size, input: size, placement: UNMOVED }, source: 'sender' };
  }

  private tensorOf(prepared: Prepared[], total: number): Tensor {
    const [first] = prepared;
    if (!first) throw new Error('nothing to compute');
    const shape = [total, ...first.shape.slice(1)].slice(4 - this.input.shape.length);
    const { values } = first;
    const { type } = this.input;
    if (prepared.length === 1) return tensor(type, values, shape);
    const size = prepared.reduce((sum, one) => sum + one.values.length, 0);
    const all = values instanceof Float32Array ? new Float32Array(size) : new Uint8Array(size);
    let at = 0;
    for (const one of prepared) {
      all.set(one.values, at);
      at += one.values.length;
    }
    return tensor(type, all, shape);
  }

  /** Of each output what belongs to one image. */
  private partOf(outputs: InferenceSession.ReturnType, at: number, total: number): Output[] {
    return this.session.outputNames.flatMap((name) => {
      const output = outputs[name];
      if (!output || output.type === 'string') return [];
      const { dims } = output;
      const { type, data } = read(output);
      // A model that reads one image without a batch around it answers without one.
      if (this.input.shape.length === 3 || dims[0] !== total) return [{ name, type, shape: dims, data }];
      const size = data.length / total;
      return [{ name, type, shape: dims.slice(1), data: data.subarray(at * size, (at + 1) * size) }];
    });
  }
}

function tensor(type: Tensor.Type, values: Float32Array | Uint8Array, shape: number[]): Tensor {
  if (values instanceof Uint8Array) return new Tensor('uint8', values, shape);
  if (type !== 'float16') return new Tensor('float32', values, shape);
  const bits = new Uint16Array(Float16Array.from(values).buffer);
  const half = new Tensor('float16', bits, shape);
  // Where there is Float16Array it is made one, of which the binding takes 0 bytes
  // (https://github.com/microsoft/onnxruntime/pull/32323).
  Object.defineProperty(half, 'data', { value: bits });
  return half;
}

/** What a model of half precision gives out, in numbers that can be computed with. */
function read(output: Tensor): { type: Tensor.Type; data: Float32Array } {
  const { type, data } = output;
  if (type !== 'float16') return { type, data: data as Float32Array };
  const { buffer, byteOffset, length } = data as unknown as Uint16Array<ArrayBuffer>;
  return { type: 'float32', data: Float32Array.from(new Float16Array(buffer, byteOffset, length)) };
}

function asFloat32(one: Declared): Declared {
  return one.type === 'float16' ? { ...one, type: 'float32' } : one;
}

function halvesOf(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return Float32Array.from(new Float16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2));
}

/** The bytes as they lie in memory where that is possible: every machine that runs Node keeps numbers little-endian. */
function floatsOf(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

function declared(metadata: readonly InferenceSession.ValueMetadata[]): Declared[] {
  return metadata.flatMap((one) => (one.isTensor ? [{ name: one.name, type: one.type, shape: one.shape }] : []));
}

/** Whether the model says of its input and all its outputs that as many as one likes go through together. */
function takesBatches(input: Declared, outputs: Declared[]): boolean {
  const batch = input.shape[0];
  if (typeof batch !== 'string' || batch === '' || input.shape.length !== 4) return false;
  return outputs.every(({ shape }) => shape[0] === batch);
}

function decoderOf(task: OpenRequest['task'], names: string[] | null, detector: Known['detector']): Decoder {
  if (task === 'detection') return detectionDecoder(detector ?? 'ultralytics', names);
  if (task === 'segmentation') return segmentationDecoder(names);
  return task === 'anomaly_detection' ? anomalyDecoder : classificationDecoder(names);
}

import type { Prediction, TaskType } from '@mallo/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readPixels } from '../images/open-image.js';
import { readOnnxMetadata } from '../model-files/onnx-metadata.js';
import { anomalyDecoder } from './decode-anomaly.js';
import { classificationDecoder } from './decode-classification.js';
import { detectionDecoder, detectorOf } from './decode-detection.js';
import { instanceDecoder } from './decode-instances.js';
import { segmentationDecoder } from './decode-segmentation.js';
import { Fault } from './fault.js';
import { floatsOfHalf, halfTensor } from './half-precision.js';
import { declared, namedOf, readRequest } from './named-tensors.js';
import type { Declared, Decoder, Output, Shown } from './outputs.js';
import { type Placement, prepareImage } from './prepare-image.js';
import { type Known, type Recipe, recipeOf } from './preprocessing.js';
import type { ImagesQuestion, NamedOutputs, OpenRequest } from './runner.messages.js';
import { type UltralyticsMetadata, ultralyticsMetadata } from './ultralytics-metadata.js';

/** What one run of the model is given: images of the same shape, one after the other. */
export type Prepared = {
  values: Float32Array | Uint8Array;
  /** The first is how many. */
  shape: number[];
  shown: Shown;
  source: Prediction['preprocessing'];
};

/**
 * Threads that wait for more work in a loop make a run faster, as in Python. After it they would burn a core for some
 * milliseconds, which whoever brings the next request could use: they stop with the run.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  logSeverityLevel: 4,
  extra: { session: { force_spinning_stop: '1' } },
};

const UNMOVED: Placement = { scaleX: 1, scaleY: 1, left: 0, top: 0 };

/** What is needed to ask a model about images. */
type ImageReading = {
  input: Declared;
  /** Null where the model reads pixels as they are. */
  recipe: Recipe | null;
  decode: Decoder;
  /** Whether several images can be computed in one run. */
  takesBatches: boolean;
};

/** A session with all that is known of the model: makes predictions of images, and gives out what it gives out by name. */
export class OpenedModel {
  private constructor(
    private readonly session: InferenceSession,
    /** Or why it cannot be asked about images. */
    private readonly images: ImageReading | Fault,
  ) {}

  /** @throws Fault model.broken, model.file_damaged */
  static async open(request: OpenRequest): Promise<OpenedModel> {
    const session = await InferenceSession.create(request.path, SESSION_OPTIONS).catch((cause: Error) => {
      // Where files lie on the server is nobody else's business.
      throw new Fault(
        'model.broken',
        { problem: `“${cause.message.replaceAll(request.path, 'the file')}”` },
        { cause },
      );
    });
    const ultralytics = ultralyticsMetadata(await readOnnxMetadata(request.path));
    return new OpenedModel(session, imageReadingOf(session, request, ultralytics));
  }

  get takesBatches(): boolean {
    return this.reading().takesBatches;
  }

  /** @throws Fault request.invalid, request.too_large, and what onnxruntime throws */
  async infer(json: Uint8Array): Promise<NamedOutputs> {
    const { id, feeds, wanted } = await readRequest(json, this.session);
    const outputs = await this.session.run(feeds, wanted);
    return { ...(id === undefined ? {} : { id }), outputs: wanted.map((name) => namedOf(name, outputs[name])) };
  }

  /**
   * @throws Fault image.unreadable, request.invalid; model.task_unknown, model.input_unknown, model.output_unknown,
   * model.classes_unknown where it cannot be asked about images
   */
  async prepare(question: ImagesQuestion, bytes: Uint8Array): Promise<Prepared> {
    return question.kind === 'image' ? this.prepareImage(bytes) : this.prepareNumbers(bytes, question.shape);
  }

  private reading(): ImageReading {
    if (this.images instanceof Fault) throw this.images;
    return this.images;
  }

  /** Computes what was prepared, all of one shape, in one run. @throws Fault, and what onnxruntime throws */
  async predict(prepared: Prepared[]): Promise<Prediction[][]> {
    const { input, decode } = this.reading();
    const counts = prepared.map(({ shape }) => shape[0] ?? 1);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const startedMs = performance.now();
    const outputs = await this.session.run({ [input.name]: tensorOf(input, prepared, total) });
    const latencyMs = performance.now() - startedMs;
    let at = 0;
    return prepared.map(({ shown, source }, index) =>
      Array.from({ length: counts[index] ?? 1 }, () => {
        const said = decode(this.partOf(input, outputs, at, total), shown);
        at += 1;
        return { ...said, image: shown.image, latencyMs, batchSize: total, preprocessing: source };
      }),
    );
  }

  private async prepareImage(file: Uint8Array): Promise<Prepared> {
    const { recipe } = this.reading();
    const pixels = await readPixels(Buffer.from(file.buffer, file.byteOffset, file.byteLength)).catch(
      (cause: unknown) => {
        throw new Fault('image.unreadable', {}, { cause });
      },
    );
    const image = { width: pixels.width, height: pixels.height };
    if (!recipe) {
      const shape = [1, pixels.height, pixels.width, 3];
      return { values: pixels.data, shape, shown: { image, input: image, placement: UNMOVED }, source: 'model' };
    }
    const preparation = recipe.of(pixels);
    const { values, placement } = prepareImage(pixels, preparation);
    const { height, width, channelsLast } = preparation;
    const shape = channelsLast ? [1, height, width, 3] : [1, 3, height, width];
    return { values, shape, shown: { image, input: { width, height }, placement }, source: recipe.source };
  }

  private prepareNumbers(bytes: Uint8Array, shape: number[]): Prepared {
    const { input } = this.reading();
    const { type } = input;
    const isPixels = type === 'uint8';
    const bytesEach = isPixels ? 1 : type === 'float16' ? 2 : 4;
    const count = shape.reduce((product, size) => product * size, 1);
    const expected = input.shape;
    const free = expected.length === 3 ? [shape[0] === 1 ? 1 : 'one', ...expected] : expected;
    const fits =
      shape.length === free.length && free.every((size, at) => typeof size === 'string' || size === shape[at]);
    if (!fits || bytes.byteLength !== count * bytesEach) {
      const [reads, given] = [`${type}[${expected.join(', ')}]`, `[${shape.join(', ')}]`];
      const problem = {
        en: `the model reads ${reads}, not ${bytes.byteLength} bytes as ${given}`,
        ko: `모델은 ${reads}을(를) 읽는데, ${given}(으)로 ${bytes.byteLength}바이트를 보냈습니다`,
      };
      throw new Fault('request.invalid', { problem });
    }
    const channelsLast = shape.at(-1) === 3 && (isPixels || shape[1] !== 3);
    const [height = 0, width = 0] = channelsLast ? shape.slice(1) : shape.slice(2);
    const size = { width, height };
    const values = isPixels ? bytes : type === 'float16' ? halvesOf(bytes) : floatsOf(bytes);
    return { values, shape, shown: { image: size, input: size, placement: UNMOVED }, source: 'sender' };
  }

  /** Of each output what belongs to one image. */
  private partOf(input: Declared, outputs: InferenceSession.ReturnType, at: number, total: number): Output[] {
    return this.session.outputNames.flatMap((name) => {
      const output = outputs[name];
      if (!output || output.type === 'string') return [];
      const { dims } = output;
      const { type, data } = read(output);
      // A model that reads one image without a batch around it answers without one.
      if (input.shape.length === 3 || dims[0] !== total) return [{ name, type, shape: dims, data }];
      const size = data.length / total;
      return [{ name, type, shape: dims.slice(1), data: data.subarray(at * size, (at + 1) * size) }];
    });
  }
}

/** What was prepared, one after the other. */
function tensorOf(input: Declared, prepared: Prepared[], total: number): Tensor {
  const [first] = prepared;
  if (!first) throw new Error('nothing to compute');
  const shape = [total, ...first.shape.slice(1)].slice(4 - input.shape.length);
  const { values } = first;
  const { type } = input;
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

function tensor(type: Tensor.Type, values: Float32Array | Uint8Array, shape: number[]): Tensor {
  if (values instanceof Uint8Array) return new Tensor('uint8', values, shape);
  return type === 'float16' ? halfTensor(values, shape) : new Tensor('float32', values, shape);
}

/** What a model of half precision gives out, in numbers that can be computed with. */
function read(output: Tensor): { type: Tensor.Type; data: Float32Array } {
  const { type, data } = output;
  return type === 'float16' ? { type: 'float32', data: floatsOfHalf(output) } : { type, data: data as Float32Array };
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

/** Whether the model says of its input and all its outputs that as many as one likes go through together. */
function takesBatches(input: Declared, outputs: Declared[]): boolean {
  const batch = input.shape[0];
  if (typeof batch !== 'string' || batch === '' || input.shape.length !== 4) return false;
  return outputs.every(({ shape }) => shape[0] === batch);
}

/** How the model is asked about images, or why it cannot be. */
function imageReadingOf(
  session: InferenceSession,
  request: OpenRequest,
  ultralytics: UltralyticsMetadata | null,
): ImageReading | Fault {
  const { task } = request;
  if (!task) return new Fault('model.task_unknown');
  const [input, ...others] = declared(session.inputMetadata);
  const outputs = declared(session.outputMetadata).map(asFloat32);
  if (!input || others.length > 0) return new Fault('model.input_unknown');
  const names = request.classNames ?? ultralytics?.names ?? null;
  const detector = task === 'detection' ? detectorOf(outputs) : null;
  const readsPixels = input.type === 'uint8' && input.shape.at(-1) === 3 && input.shape.length === 4;
  if (!readsPixels && input.type !== 'float32' && input.type !== 'float16') return new Fault('model.input_unknown');
  try {
    const recipe = readsPixels ? null : recipeOf(input.shape, { ...request, task, ultralytics, detector });
    const isOfThings = task === 'segmentation' && ultralytics?.task === 'segment';
    const decode = isOfThings ? instanceDecoder(names) : decoderOf(task, names, detector);
    return { input, recipe, decode, takesBatches: takesBatches(input, outputs) };
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function decoderOf(task: TaskType, names: string[] | null, detector: Known['detector']): Decoder {
  if (task === 'detection') return detectionDecoder(detector ?? 'ultralytics', names);
  if (task === 'segmentation') return segmentationDecoder(names);
  return task === 'anomaly_detection' ? anomalyDecoder : classificationDecoder(names);
}

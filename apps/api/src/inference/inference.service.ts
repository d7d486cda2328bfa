import { readFile } from 'node:fs/promises';
import {
  type InferenceResponse,
  MalloError,
  type ModelVersion,
  type Prediction,
  type Predictions,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { onnxOf } from '../model-files/onnx-artifact.js';
import { ObjectStore } from '../objects/object-store.js';
import { type Place, RegistryService } from '../registry/registry.service.js';
import { freeBytes } from './free-bytes.js';
import { jobsOf, type Sent, tensorsOf } from './jobs.js';
import { modelBytes, withModelFile } from './model-file.js';
import { type PreprocessingFile, readPreprocessing } from './preprocessing-file.js';
import type { AnswerOf, Job, NamedOutputs } from './runner.messages.js';
import { type Loadable, RunnerPool } from './runner-pool.js';

const PREPROCESSING = 'preprocessing.json';
const PREPROCESSING_LIMIT_BYTES = 1_000_000;

/** Names that are asked for again and again; far more than are served at a time. */
const MOST_EXPECTED = 1_000;

/** What a program asks for, and who it is. */
type Reference = Place & { userId: string; name: string; ref: string };
type Asked = Place & { userId: string; uri: string };

/** Asks models, each in a process of its own. */
@Injectable()
export class InferenceService {
  /** Which version was meant last, by what was asked. */
  private readonly expected = new LRUCache<string, ModelVersion>({ max: MOST_EXPECTED });

  constructor(
    private readonly registry: RegistryService,
    private readonly store: ObjectStore,
    private readonly pool: RunnerPool,
  ) {}

  /**
   * What a version says of one image.
   * @throws MalloError model.not_found, model.artifact_missing, model.no_onnx, model.task_unknown, model.classes_unknown,
   * model.input_unknown, model.output_unknown, model.broken, model.too_large, model.timeout, model.file_damaged,
   * image.unreadable, request.too_large
   */
  async predict(userId: string, modelId: string, version: string, body: NodeJS.ReadableStream): Promise<Prediction> {
    const [found, jobs] = await Promise.all([this.registry.version(userId, modelId, version), jobsOf({ body })]);
    const [[prediction] = []] = await this.compute(found, jobs);
    return prediction as Prediction;
  }

  /**
   * The same for programs, of what a reference means now, for several images at once or for numbers as the model reads
   * them.
   * @throws MalloError as `predict`, and model.ambiguous, request.invalid
   */
  async predictByName(reference: Reference, sent: Sent): Promise<Predictions> {
    const { version, answers } = await this.answer(reference, jobsOf(sent));
    const { modelId, modelName } = version;
    return { modelId, modelName, version: version.version, predictions: answers.flat() };
  }

  /**
   * What it gives out for named tensors, whatever it is a model of.
   * @throws MalloError as `predictByName`
   */
  async infer(reference: Reference, body: NodeJS.ReadableStream): Promise<InferenceResponse> {
    const { version, answers } = await this.answer(reference, tensorsOf(body));
    const [outputs] = answers;
    return { model_name: version.modelName, model_version: version.version, ...(outputs as NamedOutputs) };
  }

  /**
   * What was meant last computes while the database is asked whether it still is, and is heard only then: a small model
   * takes no longer to compute than to be looked up.
   */
  private async answer<J extends Job>(
    { userId, name, ref, ...place }: Reference,
    receiving: Promise<J[]>,
  ): Promise<{ version: ModelVersion; answers: AnswerOf<J>[] }> {
    const asked = { userId, uri: `mallo://models/${encodeURIComponent(name)}/${ref}`, ...place };
    const key = JSON.stringify(asked);
    const expected = this.expected.get(key);
    const computing = expected && receiving.then((jobs) => this.compute(expected, jobs));
    // It fails for nobody where something else is meant by now.
    computing?.catch(() => undefined);
    const [version, jobs] = await Promise.all([this.meant(asked, expected), receiving]);
    this.expected.set(key, version);
    const isComputing = computing && version === expected;
    const answers = await (isComputing ? computing : this.compute(version, jobs));
    // Whoever answered has read all of it; another model may still be on its way through it.
    if (isComputing || !computing) for (const { body } of jobs) body.forEach(freeBytes);
    return { version, answers };
  }

  /** The version that is meant now; `expected` itself where it is that, for versions never change. */
  private async meant({ userId, uri, ...place }: Asked, expected: ModelVersion | undefined): Promise<ModelVersion> {
    const isExpected = expected && (await this.registry.resolveId(userId, uri, place)) === expected.id;
    return isExpected ? expected : this.registry.resolve(userId, uri, place);
  }

  private compute<J extends Job>(version: ModelVersion, jobs: J[]): Promise<AnswerOf<J>[]> {
    const model = this.loadable(version);
    return Promise.all(jobs.map((job) => this.pool.run(model, job)));
  }

  private loadable(version: ModelVersion): Loadable {
    const model = onnxOf(version);
    if (!model) throw new MalloError('model.no_onnx');
    return {
      key: version.id,
      sizeBytes: modelBytes(version, model),
      open: async (use) => {
        const preprocessing = await this.preprocessingOf(version);
        const { classNames, inputShape, taskType: task } = version;
        await withModelFile(this.registry, this.store, version, model, (path) =>
          use({ path, task, classNames, inputShape, preprocessing }),
        );
      },
    };
  }

  private async preprocessingOf(version: ModelVersion): Promise<PreprocessingFile | null> {
    const file = version.artifacts.find(({ name }) => name === PREPROCESSING);
    if (!file) return null;
    if (file.sizeBytes > PREPROCESSING_LIMIT_BYTES) throw new MalloError('request.too_large', { limit: '1 MB' });
    const { path } = await this.registry.artifactFile(version, file.name);
    return readPreprocessing(await readFile(path, 'utf8'));
  }
}

import { readFile } from 'node:fs/promises';
import { MalloError, type ModelVersion, type Prediction, type Predictions } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { onnxOf } from '../model-files/onnx-artifact.js';
import { ObjectStore } from '../objects/object-store.js';
import { RegistryService } from '../registry/registry.service.js';
import { jobsOf, type Sent } from './jobs.js';
import { modelBytes, withModelFile } from './model-file.js';
import { type PreprocessingFile, readPreprocessing } from './preprocessing-file.js';
import type { Job } from './runner.messages.js';
import { type Loadable, RunnerPool } from './runner-pool.js';

const PREPROCESSING = 'preprocessing.json';
const PREPROCESSING_LIMIT_BYTES = 1_000_000;

/** Tries models on images. */
@Injectable()
export class InferenceService {
  constructor(
    private readonly registry: RegistryService,
    private readonly store: ObjectStore,
    private readonly pool: RunnerPool,
  ) {}

  /**
   * What a version says of one image.
   * @throws MalloError model.not_found, model.artifact_missing, model.no_onnx, model.classes_unknown, model.input_unknown,
   * model.output_unknown, model.broken, model.too_large, model.timeout, model.file_damaged, image.unreadable,
   * request.too_large
   */
  async predict(userId: string, modelId: string, version: string, body: NodeJS.ReadableStream): Promise<Prediction> {
    const { predictions } = await this.answer(this.registry.version(userId, modelId, version), jobsOf({ body }));
    return predictions[0] as Prediction;
  }

  /**
   * The same for programs, of what a reference means now, for several images at once or for numbers as the model reads
   * them.
   * @throws MalloError as `predict`, and model.ambiguous, request.invalid
   */
  predictByName(
    userId: string,
    { name, ref, project, shape }: { name: string; ref: string; project?: string; shape?: string },
    sent: Sent,
  ): Promise<Predictions> {
    const uri = `mallo://models/${encodeURIComponent(name)}/${ref}`;
    return this.answer(this.registry.resolve(userId, uri, project), jobsOf({ ...sent, shape }));
  }

  /** The version is looked up while the body arrives. */
  private async answer(finding: Promise<ModelVersion>, receiving: Promise<Job[]>): Promise<Predictions> {
    const [version, jobs] = await Promise.all([finding, receiving]);
    const model = this.loadable(version);
    const answers = await Promise.all(jobs.map((job) => this.pool.run(model, job)));
    const { modelId, modelName } = version;
    return { modelId, modelName, version: version.version, predictions: answers.flat() };
  }

  private loadable(version: ModelVersion): Loadable {
    const model = onnxOf(version);
    if (!model) throw new MalloError('model.no_onnx');
    const { taskType: task } = version;
    if (!task) throw new MalloError('model.task_unknown');
    return {
      key: version.id,
      sizeBytes: modelBytes(version, model),
      open: async (use) => {
        const preprocessing = await this.preprocessingOf(version);
        const { classNames, inputShape } = version;
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

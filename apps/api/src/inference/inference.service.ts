import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Artifact, MalloError, type ModelVersion, type Prediction } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../objects/object-store.js';
import { limited } from '../objects/receive.js';
import { RegistryService } from '../registry/registry.service.js';
import { onnxOf, withModelFile } from './model-file.js';
import type { Preparation } from './prepare-image.js';
import { preparationOf } from './preprocessing.js';
import { Runner } from './runner.js';
import type { RunAnswer } from './runner.messages.js';

const IMAGE_LIMIT_BYTES = 20_000_000;
const CLASSES_SHOWN = 10;
const PREPROCESSING = 'preprocessing.json';
const PREPROCESSING_LIMIT_BYTES = 1_000_000;

/** Tries models on single images. */
@Injectable()
export class InferenceService {
  constructor(
    private readonly registry: RegistryService,
    private readonly store: ObjectStore,
    private readonly runner: Runner,
  ) {}

  /**
   * The likeliest classes of one image, the likeliest first.
   * @throws MalloError model.not_found, model.artifact_missing, model.no_onnx, model.classes_unknown,
   * model.input_unknown, model.broken, image.unreadable, request.too_large
   */
  async predict(userId: string, modelId: string, version: string, body: NodeJS.ReadableStream): Promise<Prediction> {
    return this.ask(await this.registry.version(userId, modelId, version), body);
  }

  /**
   * The same of the version that a `mallo://` URI means now, with which one that is.
   * @throws MalloError as `predict`, and model.ambiguous
   */
  async predictByUri(
    userId: string,
    { uri, project }: { uri: string; project?: string | undefined },
    body: NodeJS.ReadableStream,
  ): Promise<Prediction & { modelId: string; version: string }> {
    const found = await this.registry.resolve(userId, uri, project);
    return { ...(await this.ask(found, body)), modelId: found.modelId, version: found.version };
  }

  private async ask(version: ModelVersion, body: NodeJS.ReadableStream): Promise<Prediction> {
    const { classNames: names } = version;
    const model = onnxOf(version);
    if (!model) throw new MalloError('model.no_onnx');
    if (!names) throw new MalloError('model.classes_unknown');
    const preprocessing = version.artifacts.find(({ name }) => name === PREPROCESSING) ?? null;
    const preparation = version.config ? null : await this.preparationOf(version, preprocessing);
    const image = await buffer(limited(body, IMAGE_LIMIT_BYTES));
    const answer = await withModelFile(this.registry, this.store, version, model, (file) =>
      this.runner.run({ ...file, image, preparation }),
    );
    if ('fault' in answer) throw errorOf(answer);
    if (names.length !== answer.probabilities.length || !answer.probabilities.every(Number.isFinite)) {
      throw new MalloError('model.broken', { problem: `it does not answer ${names.length} probabilities` });
    }
    const classes = answer.probabilities.map((confidence, at) => ({ name: names[at] ?? '', confidence }));
    classes.sort((a, b) => b.confidence - a.confidence);
    return {
      classes: classes.slice(0, CLASSES_SHOWN),
      latencyMs: answer.latencyMs,
      preprocessing: answer.preparedItself ? 'model' : preprocessing ? 'file' : 'default',
    };
  }

  private async preparationOf(version: ModelVersion, file: Artifact | null): Promise<Preparation | null> {
    if (!file) return preparationOf(version, null);
    if (file.sizeBytes > PREPROCESSING_LIMIT_BYTES) throw new MalloError('request.too_large', { limit: '1 MB' });
    const { path } = await this.registry.artifactFile(version, file.name);
    return preparationOf(version, await readFile(path, 'utf8'));
  }
}

function errorOf({ fault, problem }: Extract<RunAnswer, { fault: string }>): MalloError {
  if (fault === 'image') return new MalloError('image.unreadable', {}, { cause: problem });
  if (fault === 'input') return new MalloError('model.input_unknown', {}, { cause: problem });
  return new MalloError('model.broken', { problem });
}

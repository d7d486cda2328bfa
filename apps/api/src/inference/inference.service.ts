import { buffer } from 'node:stream/consumers';
import { MalloError, type Prediction } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { limited } from '../objects/receive.js';
import { RegistryService } from '../registry/registry.service.js';
import { Runner } from './runner.js';

const IMAGE_LIMIT_BYTES = 20_000_000;
const CLASSES_SHOWN = 10;

/** Tries models on single images. */
@Injectable()
export class InferenceService {
  constructor(
    private readonly registry: RegistryService,
    private readonly runner: Runner,
  ) {}

  /**
   * The likeliest classes of one image, the likeliest first.
   * @throws MalloError model.not_found, model.artifact_missing, model.broken, image.unreadable, request.too_large
   */
  async predict(userId: string, modelId: string, version: string, body: NodeJS.ReadableStream): Promise<Prediction> {
    const found = await this.registry.version(userId, modelId, version);
    const { artifact, path } = await this.registry.artifactFile(found, 'model.onnx');
    const image = await buffer(limited(body, IMAGE_LIMIT_BYTES));
    const { sha256, sizeBytes } = artifact;
    const answer = await this.runner.run({ modelPath: path, sha256, sizeBytes, image });
    if ('fault' in answer) {
      if (answer.fault === 'image') throw new MalloError('image.unreadable', {}, { cause: answer.problem });
      throw new MalloError('model.broken', { problem: answer.problem });
    }
    const names = found.config.classNames;
    if (names.length !== answer.probabilities.length || !answer.probabilities.every(Number.isFinite)) {
      throw new MalloError('model.broken', { problem: `it does not answer ${names.length} probabilities` });
    }
    const classes = answer.probabilities.map((confidence, at) => ({ name: names[at] ?? '', confidence }));
    classes.sort((a, b) => b.confidence - a.confidence);
    return { classes: classes.slice(0, CLASSES_SHOWN), latencyMs: answer.latencyMs };
  }
}

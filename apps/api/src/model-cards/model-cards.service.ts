import { type Locale, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { modelCard } from './card.js';

/** Model cards, written anew from what is known of the version whenever they are asked for. */
@Injectable()
export class ModelCardsService {
  constructor(
    private readonly registry: RegistryService,
    private readonly datasets: DatasetsService,
  ) {}

  /** @throws MalloError model.not_found */
  async write(userId: string, modelId: string, version: string, locale: Locale): Promise<string> {
    const [{ taskType }, found] = await Promise.all([
      this.registry.get(userId, modelId),
      this.registry.version(userId, modelId, version),
    ]);
    const learnedFrom = found.config?.dataset;
    const dataset = learnedFrom ? await this.datasets.get(userId, learnedFrom.id).catch(unlessGone) : null;
    const isSame = dataset?.version.id === learnedFrom?.versionId;
    const classes = dataset && isSame ? dataset.version.classes : null;
    return modelCard({ version: found, taskType, classes, locale });
  }
}

/** The card is of the model, which stays when its dataset was deleted. */
function unlessGone(error: unknown): null {
  if (error instanceof MalloError && error.code === 'dataset.not_found') return null;
  throw error;
}

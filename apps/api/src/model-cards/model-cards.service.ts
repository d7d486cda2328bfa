import { text } from 'node:stream/consumers';
import { type Locale, MalloError, type ModelVersion } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { SETTINGS, type Settings } from '../settings.js';
import { modelCard } from './card.js';
import { type Epoch, epochsOf } from './card-curves.js';

/** Thousands of epochs. */
const METRICS_LIMIT = 10_000_000;

/** Model cards, written anew from what is known of the version whenever they are asked for. */
@Injectable()
export class ModelCardsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
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
    return modelCard({
      version: found,
      taskType,
      classes,
      epochs: await this.epochs(found),
      hourlyPrice: priceOf(this.settings.MALLO_PRICE_PER_HOUR),
      locale,
    });
  }

  /** From the file that the training left; a card without it is a card too. */
  private async epochs(version: ModelVersion): Promise<Epoch[] | null> {
    const file = version.artifacts.find(({ name }) => name === 'metrics.json');
    if (!file || file.sizeBytes > METRICS_LIMIT) return null;
    try {
      return epochsOf(await text(await this.registry.openArtifact(file)));
    } catch (error) {
      if (error instanceof MalloError && error.code === 'model.artifact_missing') return null;
      throw error;
    }
  }
}

function priceOf(setting: string | undefined): { amount: number; currency: string } | null {
  const [amount, currency] = setting?.split(' ') ?? [];
  return amount && currency ? { amount: Number(amount), currency } : null;
}

/** The card is of the model, which stays when its dataset was deleted. */
function unlessGone(error: unknown): null {
  if (error instanceof MalloError && error.code === 'dataset.not_found') return null;
  throw error;
}

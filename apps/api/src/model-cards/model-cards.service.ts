import { text } from 'node:stream/consumers';
import {
  type Dataset,
  type Locale,
  MalloError,
  type ModelCard,
  type ModelVersion,
  RunId,
  type TaskType,
} from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunArtifactsService } from '../mlflow/run-artifacts/run-artifacts.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { SETTINGS, type Settings } from '../settings.js';
import { type CardInput, modelCard } from './card.js';
import { epochsOf } from './card-curves.js';
import { readme } from './readme.js';

/** Thousands of epochs. */
const METRICS_LIMIT = 10_000_000;
/** What people read. */
const TEXT_LIMIT = 20_000;
/** Conversions of conversions; nobody makes so many. */
const MOST_ANCESTORS = 20;
/** Where MLflow writes down what a model needs, the shortest first. */
const ENVIRONMENT_FILES = ['requirements.txt', 'conda.yaml', 'python_env.yaml'];

/** As a training here says how its weights want pictures. */
const OwnPreparation = z.object({
  weights: z.object({
    image_size: z.number(),
    mean: z.array(z.number()).length(3),
    std: z.array(z.number()).length(3),
  }),
});

/** Model cards, made anew from what is known of the version whenever they are asked for. */
@Injectable()
export class ModelCardsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: RegistryService,
    private readonly datasets: DatasetsService,
    private readonly runs: RunArtifactsService,
  ) {}

  /** @throws MalloError model.not_found */
  async card(userId: string, modelId: string, version: string, locale: Locale): Promise<ModelCard> {
    return (await this.find(userId, modelId, version, locale)).card;
  }

  /** The card as Hugging Face has it. @throws MalloError model.not_found */
  async readme(userId: string, modelId: string, version: string, locale: Locale): Promise<string> {
    return readme({ ...(await this.find(userId, modelId, version, locale)), locale });
  }

  private async find(
    userId: string,
    modelId: string,
    number: string,
    locale: Locale,
  ): Promise<{ card: ModelCard; version: ModelVersion; taskType: TaskType | null }> {
    const version = await this.registry.version(userId, modelId, number);
    const { taskType } = version;
    const ancestors = await this.ancestors(userId, version);
    const metrics = await this.read(version, 'metrics.json', METRICS_LIMIT);
    const preparation = await this.read(version, 'preprocessing.json', TEXT_LIMIT);
    const card = modelCard({
      ...{ version, taskType, ancestors, locale },
      dataset: await this.datasetOf(userId, ancestors.at(-1) ?? version),
      epochs: metrics === null ? null : epochsOf(metrics),
      environment: version.logged ? await this.environment(version) : null,
      run: await this.runOf(userId, version),
      isPreparedAsTrained: preparation !== null && OwnPreparation.safeParse(json(preparation)).success,
      hourlyPrice: priceOf(this.settings.MALLO_PRICE_PER_HOUR),
    });
    return { card, version, taskType };
  }

  /** What a version was made from, the nearest first; one that was deleted ends it. */
  private async ancestors(userId: string, version: ModelVersion): Promise<ModelVersion[]> {
    const found: ModelVersion[] = [];
    let { madeFrom } = version;
    while (madeFrom !== null && found.length < MOST_ANCESTORS) {
      const parent = await this.registry.version(userId, version.modelId, madeFrom).catch(nullIf('model.not_found'));
      if (!parent) break;
      found.push(parent);
      madeFrom = parent.madeFrom;
    }
    return found;
  }

  /** Of the version that a model learned from, or was measured on; the card is of the model, which stays without it. */
  private async datasetOf(userId: string, version: ModelVersion): Promise<Dataset | null> {
    const { config, datasetVersionSha256: sha256, projectId } = version;
    if (config) {
      const { id, versionId } = config.dataset;
      const dataset = await this.datasets.get(userId, id).catch(nullIf('dataset.not_found'));
      return dataset?.version.id === versionId ? dataset : null;
    }
    if (sha256 === null) return null;
    const all = await this.datasets.list(userId, projectId);
    return all.find((dataset) => dataset.version.sha256 === sha256) ?? null;
  }

  /** The run that logged a version, as it is where it was logged; null where there is none, or it cannot be asked now. */
  private async runOf(userId: string, { logged, projectId }: ModelVersion): Promise<CardInput['run']> {
    const runId = RunId.safeParse(logged?.runId).data;
    if (runId === undefined) return null;
    return this.runs.settingsOf(userId, { projectId, runId }).catch(nullIf('run.not_found', 'server.unavailable'));
  }

  private async environment(version: ModelVersion): Promise<{ name: string; text: string } | null> {
    for (const name of ENVIRONMENT_FILES) {
      const found = await this.read(version, name, TEXT_LIMIT);
      if (found !== null) return { name, text: found };
    }
    return null;
  }

  /** A file of a version as text; a card without it is a card too. */
  private async read(version: ModelVersion, name: string, limit: number): Promise<string | null> {
    const file = version.artifacts.find((one) => one.name === name);
    if (!file || file.sizeBytes > limit) return null;
    return this.registry.openArtifact(file).then(text).catch(nullIf('model.artifact_missing'));
  }
}

function priceOf(setting: string | undefined): { amount: number; currency: string } | null {
  const [amount, currency] = setting?.split(' ') ?? [];
  return amount && currency ? { amount: Number(amount), currency } : null;
}

/** For what may be gone: null then, and any other error as it is. */
function nullIf(...codes: MalloError['code'][]): (error: unknown) => null {
  return (error) => {
    if (error instanceof MalloError && codes.includes(error.code)) return null;
    throw error;
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

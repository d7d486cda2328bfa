import { createHash } from 'node:crypto';
import {
  type CardOrigins,
  type ConfigCard,
  type ConfigEdit,
  type Dataset,
  type Locale,
  MalloError,
  type Origins,
  TrainingConfig,
  type TrainingIntent,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { WeightsService } from '../compute/weights.service.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { Tables } from '../database/database.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { DbosWorkflows } from '../workflows/dbos.js';
import { ZooService } from '../zoo/zoo.service.js';
import { type CardContent, ConfigsRepository } from './configs.repository.js';

export type { CardContent };

import { EstimateService } from './estimate.service.js';
import { suit } from './suit.js';

/** SHA-256 of a config in canonical JSON (RFC 8785): equal for equal configs, whatever the order of their keys. */
export function configHash(config: TrainingConfig): string {
  return createHash('sha256')
    .update(canonicalize(config) ?? '')
    .digest('hex');
}

/** Where a field of the intent stands in the config. */
const PLACES: Record<string, string> = {
  modelName: 'model.name',
  modelSource: 'model.source',
  numClasses: 'classNames',
};

/** Config cards: from what was understood to what is trained. */
@Injectable()
export class ConfigsService {
  constructor(
    private readonly configs: ConfigsRepository,
    private readonly projects: ProjectsService,
    private readonly datasets: DatasetsService,
    private readonly zoo: ZooService,
    private readonly runs: RunsService,
    private readonly messages: MessagesService,
    private readonly workflows: DbosWorkflows,
    private readonly estimates: EstimateService,
    private readonly weights: WeightsService,
  ) {}

  /**
   * The config of a complete intent.
   * @throws MalloError dataset.not_found, model.unknown, model.not_trainable_yet
   */
  async fromIntent(userId: string, intent: TrainingIntent, origin: Origins, locale: Locale): Promise<CardContent> {
    const dataset = await this.datasets.get(userId, intent.dataset?.id ?? '');
    const patience = intent.hyperparameters?.earlyStoppingPatience ?? null;
    const config = TrainingConfig.parse({
      taskType: intent.taskType,
      model: { source: intent.modelSource, name: intent.modelName },
      ...datasetFields(dataset),
      hyperparameters: { ...intent.hyperparameters, earlyStoppingPatience: patience },
      resources: intent.resources ?? {},
    });
    const placed: CardOrigins = {};
    for (const [field, from] of Object.entries(origin)) placed[PLACES[field] ?? field] ??= from;
    placed.classNames = { kind: 'dataset' };
    const model = this.trainable(config.model.name);
    const weightsAreLikely = await this.weights.areLikely(model.name);
    suit(config, placed, { dataset, model, weightsAreLikely, locale });
    return this.content(config, placed, dataset);
  }

  /** @throws MalloError config.not_found, also when it is someone else's */
  async get(userId: string, configId: string): Promise<ConfigCard> {
    return (await this.find(userId, configId)).card;
  }

  /** Keeps a card, within the transaction that says it in the conversation. */
  add(tables: Tables, conversationId: string, messageId: string, content: CardContent): Promise<ConfigCard> {
    return this.configs.add(tables, conversationId, messageId, content);
  }

  cardsOf(conversationId: string): Promise<ConfigCard[]> {
    return this.configs.ofConversation(conversationId);
  }

  /** @throws MalloError config.not_found, config.already_started, request.conflict and those of a wrong value */
  async edit(userId: string, configId: string, edit: ConfigEdit): Promise<ConfigCard> {
    const { card } = await this.find(userId, configId);
    if (card.runId) throw new MalloError('config.already_started');
    const config = structuredClone(card.config);
    const origin = { ...card.origin };
    const model = edit.modelName === undefined ? config.model : this.trainable(edit.modelName);
    if (model.name !== config.model.name) {
      config.model = { source: model.source, name: model.name };
      origin['model.name'] = { kind: 'edited' };
    }
    const dataset = await this.datasets.get(userId, edit.datasetId ?? config.dataset.id);
    if (dataset.id !== config.dataset.id) origin.dataset = { kind: 'edited' };
    Object.assign(config, datasetFields(dataset));
    for (const [name, value] of Object.entries(edit.hyperparameters ?? {})) {
      if (config.hyperparameters[name as keyof typeof config.hyperparameters] === value) continue;
      Object.assign(config.hyperparameters, { [name]: value });
      origin[`hyperparameters.${name}`] = { kind: 'edited' };
    }
    const content = await this.content(config, origin, dataset);
    if (!(await this.configs.update(configId, card.hash, content))) throw new MalloError('request.conflict');
    return this.get(userId, configId);
  }

  /**
   * Starts the training of a card; a second call answers the same run.
   * @throws MalloError request.conflict when the card is not the one that was seen
   */
  async start(userId: string, configId: string, hash: string): Promise<{ runId: string }> {
    const { card, projectId } = await this.find(userId, configId);
    // A started card goes through the same steps: a process may have died between two of them.
    if (!card.runId) await this.mayStart(userId, card, hash);
    const locale = await this.messages.languageOf(card.messageId);
    const runId = await this.runs.create(userId, {
      projectId,
      conversationId: card.conversationId,
      configId,
      config: card.config,
      configHash: card.hash,
      locale,
    });
    await this.messages.append(card.conversationId, `run ${runId} start`, startMessage(runId, locale));
    await this.workflows.start(runId);
    return { runId };
  }

  private async mayStart(userId: string, card: ConfigCard, hash: string): Promise<void> {
    if (card.hash !== hash) throw new MalloError('request.conflict');
    this.trainable(card.config.model.name);
    const dataset = await this.datasets.get(userId, card.config.dataset.id);
    if (dataset.version.id !== card.config.dataset.versionId) throw new MalloError('request.conflict');
  }

  private async find(userId: string, configId: string): Promise<{ card: ConfigCard; projectId: string }> {
    const found = await this.configs.get(configId);
    if (!found || !(await this.projects.owns(userId, found.projectId))) throw new MalloError('config.not_found');
    return found;
  }

  private async content(config: TrainingConfig, origin: CardOrigins, dataset: Dataset): Promise<CardContent> {
    this.trainable(config.model.name);
    const { epochs, warmupEpochs } = config.hyperparameters;
    if (warmupEpochs >= epochs) throw new MalloError('config.warmup_too_long', { warmup: warmupEpochs, epochs });
    const estimate = await this.estimates.of(config, dataset.version.imageCount);
    return { config, origin, hash: configHash(config), estimate };
  }

  private trainable(name: string) {
    const model = this.zoo.find(name);
    if (!model) throw new MalloError('model.unknown', { name, nearest: this.zoo.nearest(name).join(', ') });
    if (model.source !== 'timm') throw new MalloError('model.not_trainable_yet', { name, source: model.source });
    return model;
  }
}

function datasetFields(dataset: Dataset): Pick<TrainingConfig, 'dataset' | 'classNames'> {
  return {
    dataset: { id: dataset.id, versionId: dataset.version.id, name: dataset.name },
    classNames: dataset.version.classes.filter((row) => row.imageCount > 0).map((row) => row.name),
  };
}

function startMessage(runId: string, locale: Locale) {
  const text = locale === 'ko' ? '학습을 시작합니다.' : 'The training begins.';
  return { text, parts: [{ type: 'run' as const, runId }] };
}

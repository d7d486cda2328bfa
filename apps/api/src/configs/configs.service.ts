import {
  type ConfigCard,
  type ConfigEdit,
  type Dataset,
  type Locale,
  MalloError,
  type Origins,
  type TrainingIntent,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { MessagesService } from '../conversations/messages.service.js';
import type { Tables } from '../database/database.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { DbosWorkflows } from '../workflows/dbos.js';
import { ZooService } from '../zoo/zoo.service.js';
import { configHash, configOf, editedConfig, type PlacedConfig } from './config-of.js';
import { type CardContent, ConfigsRepository, type StoredCard } from './configs.repository.js';
import { EstimateService } from './estimate.service.js';
import { mustBeAbleToRun } from './requirements.js';
import type { Surroundings } from './surroundings.js';
import { SurroundingsService } from './surroundings.service.js';
import { transcriptOf } from './transcript.js';
import { warningsOf } from './warnings.js';

export type { CardContent };

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
    private readonly surroundings: SurroundingsService,
  ) {}

  /**
   * The config of a complete intent, in the surroundings of this moment.
   * @throws MalloError dataset.not_found, model.unknown, model.not_trainable_yet, zoo.container_not_run,
   * config.warmup_too_long
   */
  async fromIntent(userId: string, intent: TrainingIntent, origin: Origins, locale: Locale): Promise<CardContent> {
    const dataset = await this.datasets.get(userId, intent.dataset?.id ?? '');
    const surroundings = await this.surroundings.look(
      await this.zoo.trainable(userId, intent.modelName ?? ''),
      dataset,
    );
    return this.content(configOf(intent, origin, surroundings, locale), surroundings);
  }

  /**
   * The hash of a card as it was understood, and of the config that an intent gives in the surroundings of then; null
   * for no intent, for one that gives no config any more, and for a card that is older than the keeping of surroundings.
   * @throws MalloError config.not_found
   */
  async replay(
    configId: string,
    read: { intent?: TrainingIntent; origin?: Origins } | null,
  ): Promise<{ understoodHash: string; replayedHash: string | null }> {
    const found = await this.configs.get(configId);
    if (!found) throw new MalloError('config.not_found');
    const { hash: understoodHash, surroundings } = found.understood;
    if (!read?.intent || !surroundings) return { understoodHash, replayedHash: null };
    try {
      // The language of the reasons is in no value, so that any will do.
      const { config } = configOf(read.intent, read.origin ?? {}, surroundings, 'en');
      return { understoodHash, replayedHash: configHash(config) };
    } catch {
      return { understoodHash, replayedHash: null };
    }
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
    const stored = await this.find(userId, configId);
    const { card } = stored;
    if (card.runId) throw new MalloError('config.already_started');
    const dataset = await this.datasets.get(userId, edit.datasetId ?? card.config.dataset.id);
    const surroundings = await this.surroundingsOf(userId, stored, edit.modelName ?? card.config.model.name, dataset);
    const locale = await this.messages.languageOf(card.messageId);
    const changed = editedConfig(card, edit, surroundings, locale);
    if (configHash(changed.config) === card.hash) return card;
    const content = await this.content(changed, surroundings);
    if (!(await this.configs.update(configId, card.hash, content))) throw new MalloError('request.conflict');
    return this.get(userId, configId);
  }

  /** @throws MalloError config.not_found, config.already_started, config.nothing_to_undo, request.conflict */
  async undo(userId: string, configId: string, hash: string): Promise<ConfigCard> {
    const { card } = await this.find(userId, configId);
    if (card.runId) throw new MalloError('config.already_started');
    if (card.hash !== hash) throw new MalloError('request.conflict');
    if (!card.canUndo) throw new MalloError('config.nothing_to_undo');
    if (!(await this.configs.undo(configId, hash))) throw new MalloError('request.conflict');
    return this.get(userId, configId);
  }

  /**
   * Starts the training of a card; a second call answers the same run.
   * @throws MalloError request.conflict when the card is not the one that was seen; those of what cannot run at all
   */
  async start(userId: string, configId: string, hash: string): Promise<{ runId: string }> {
    const stored = await this.find(userId, configId);
    const { card, projectId } = stored;
    // A started card goes through the same steps: a process may have died between two of them.
    if (!card.runId) await this.mayStart(userId, stored, hash);
    const [locale, messages] = await Promise.all([
      this.messages.languageOf(card.messageId),
      this.messages.all(card.conversationId),
    ]);
    const runId = await this.runs.create({
      projectId,
      conversationId: card.conversationId,
      configId,
      config: card.config,
      configHash: card.hash,
      locale,
      transcript: transcriptOf(card, stored.understood, messages),
    });
    await this.messages.append(card.conversationId, `run ${runId} start`, startMessage(runId, locale));
    await this.workflows.start(runId);
    return { runId };
  }

  private async mayStart(userId: string, stored: StoredCard, hash: string): Promise<void> {
    const { card } = stored;
    if (card.hash !== hash) throw new MalloError('request.conflict');
    const dataset = await this.datasets.get(userId, card.config.dataset.id);
    if (dataset.version.id !== card.config.dataset.versionId) throw new MalloError('request.conflict');
    mustBeAbleToRun(card.config, await this.surroundingsOf(userId, stored, card.config.model.name, dataset));
  }

  private async find(userId: string, configId: string): Promise<StoredCard> {
    const found = await this.configs.get(configId);
    if (!found || !(await this.projects.owns(userId, found.projectId))) throw new MalloError('config.not_found');
    return found;
  }

  /** Those that a card was made in, while its model and its dataset are the same: else one change would bring others. */
  private async surroundingsOf(
    userId: string,
    stored: StoredCard,
    modelName: string,
    dataset: Dataset,
  ): Promise<Surroundings> {
    const model = await this.zoo.trainable(userId, modelName);
    const kept = stored.surroundings;
    const isSame = kept?.model.name === model.name && kept.dataset.versionId === dataset.version.id;
    return isSame ? kept : this.surroundings.look(model, dataset);
  }

  private async content({ config, origin }: PlacedConfig, surroundings: Surroundings): Promise<CardContent> {
    const estimate = await this.estimates.of(config, surroundings);
    const warnings = warningsOf(config, surroundings, estimate);
    return { config, origin, hash: configHash(config), estimate, warnings, surroundings };
  }
}

function startMessage(runId: string, locale: Locale) {
  const text = locale === 'ko' ? '학습을 시작할게요.' : 'The training begins.';
  return { text, parts: [{ type: 'run' as const, runId }] };
}

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@mallo/backend';
import { type ConfigCard, type Dataset, datasetRoutes, type RunResult, type TrainingIntent } from '@mallo/contracts';
import { vi } from 'vitest';
import { ConfigsService } from '../configs/configs.service.js';
import { startTestApi, type TestApi } from './api.js';
import { classFolders } from './images.js';
import { runResult } from './rows.js';
import { understood } from './surroundings.js';
import { makeZip } from './zip.js';

type Named = TrainingIntent['hyperparameters'];

/** An api with a dataset of two classes, on a machine that was measured before and reaches no weights. */
export class CardApi {
  private constructor(
    readonly api: TestApi,
    readonly configs: ConfigsService,
    readonly userId: string,
    readonly pets: Dataset,
  ) {}

  static async start(): Promise<CardApi> {
    const home = await mkdtemp(join(tmpdir(), 'mallo-api-'));
    await writeFile(join(home, 'machine.json'), '{"torch":"2.15.0","gpus":[],"gflopsPerSecond":30}');
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    vi.stubEnv('FALLBACK_PATH', '');
    vi.stubEnv('HF_HUB_CACHE', join(home, 'hub'));
    const api = await startTestApi({ MALLO_HOME: home, MALLO_PRICE_PER_HOUR: '3.6 USD' });
    const { id } = await api.database.user.findFirstOrThrow();
    return new CardApi(api, api.app.get(ConfigsService), id, await upload(api, 'pets', { cat: 20, dog: 20 }));
  }

  async close(): Promise<void> {
    vi.unstubAllEnvs();
    await this.api.close();
  }

  upload(name: string, classes: Record<string, number>): Promise<Dataset> {
    return upload(this.api, name, classes);
  }

  /** What a parser says of a wish that named only these values. */
  wish(named: Named = {}, model = 'resnet18') {
    const { intent, origin } = understood(named, model);
    return { intent: { ...intent, dataset: { id: this.pets.id, name: this.pets.name } }, origin };
  }

  /** A card as a message in a conversation of its own leads to one. */
  async newCard(named: Named = {}, model?: string): Promise<ConfigCard> {
    const { intent, origin } = this.wish(named, model);
    const content = await this.configs.fromIntent(this.userId, intent, origin, 'en');
    const { database, projectId } = this.api;
    return database.$transaction(async (tables) => {
      const id = newId('cnv');
      await tables.conversation.create({ data: { id, projectId, title: '' } });
      const message = { id: newId('msg'), conversationId: id, position: 1, key: 'user 1', role: 'user' };
      await tables.message.create({ data: { ...message, text: 'resnet18 on pets', parts: [] } });
      return this.configs.add(tables, id, message.id, content);
    });
  }

  /** Leaves a run as the end of a training does. */
  async complete(card: ConfigCard, result: Partial<RunResult> = {}): Promise<void> {
    await this.api.database.run.create({
      data: {
        id: newId('run'),
        projectId: this.api.projectId,
        conversationId: card.conversationId,
        configId: card.id,
        datasetVersionId: card.config.dataset.versionId,
        name: newId('name'),
        status: 'completed',
        config: card.config,
        configHash: card.hash,
        locale: 'en',
        result: { ...runResult(), epochsDone: card.config.hyperparameters.epochs, ...result },
        endedAt: new Date(),
      },
    });
  }
}

async function upload(api: TestApi, name: string, classes: Record<string, number>): Promise<Dataset> {
  const zip = await makeZip(await classFolders(classes));
  const place = { params: { projectId: api.projectId }, query: { name } };
  return api.owner.upload(datasetRoutes.upload, place, new Blob([new Uint8Array(zip)]));
}

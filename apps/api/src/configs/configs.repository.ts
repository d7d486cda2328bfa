import { newId } from '@mallo/backend';
import { ConfigCard, Estimate, RunResult, TrainingConfig } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, type Tables } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { Surroundings } from './surroundings.js';

const WITH_RUN = { run: { select: { id: true } }, conversation: true } as const;
type Row = Prisma.TrainingConfigGetPayload<{ include: typeof WITH_RUN }>;

/** What of a card changes together, and is taken back together. */
const CardContent = ConfigCard.pick({ config: true, origin: true, hash: true, estimate: true, warnings: true }).extend({
  /** Null on cards that are older than the keeping of it. */
  surroundings: Surroundings.nullable(),
});
export type CardContent = z.infer<typeof CardContent>;

export type StoredCard = {
  card: ConfigCard;
  surroundings: Surroundings | null;
  /** As it was before anything was changed by hand. */
  understood: CardContent;
  projectId: string;
};

/** A training that came to its end, with what was thought of it before. */
export type PastRun = {
  config: TrainingConfig;
  result: RunResult;
  estimate: Estimate | null;
  surroundings: Surroundings | null;
};

function contentOf({ config, origin, hash, estimate, warnings, surroundings }: Row): CardContent {
  return CardContent.parse({ config, origin, hash, estimate, warnings, surroundings });
}

function toCard(row: Row): ConfigCard {
  const { surroundings: _, ...content } = contentOf(row);
  return {
    ...content,
    id: row.id,
    conversationId: row.conversationId,
    messageId: row.messageId,
    canUndo: historyOf(row).length > 0,
    runId: row.run?.id ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

function historyOf(row: Pick<Row, 'history'>): CardContent[] {
  return z.array(CardContent).parse(row.history);
}

/** JSON null is a value of its own to Prisma; the absence of a value is DbNull. */
function forColumns({ estimate, surroundings, ...rest }: CardContent) {
  return { ...rest, estimate: estimate ?? Prisma.DbNull, surroundings: surroundings ?? Prisma.DbNull };
}

@Injectable()
export class ConfigsRepository {
  constructor(private readonly database: Database) {}

  async get(id: string): Promise<StoredCard | null> {
    const row = await this.database.trainingConfig.findUnique({ where: { id }, include: WITH_RUN });
    if (!row) return null;
    const content = contentOf(row);
    return {
      card: toCard(row),
      surroundings: content.surroundings,
      understood: historyOf(row)[0] ?? content,
      projectId: row.conversation.projectId,
    };
  }

  async ofConversation(conversationId: string): Promise<ConfigCard[]> {
    const rows = await this.database.trainingConfig.findMany({
      where: { conversationId },
      include: WITH_RUN,
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(toCard);
  }

  /** Adds a card within the transaction that says it in the conversation. */
  async add(tables: Tables, conversationId: string, messageId: string, content: CardContent): Promise<ConfigCard> {
    const row = await tables.trainingConfig.create({
      data: { id: newId('cfg'), conversationId, messageId, ...forColumns(content) },
      include: WITH_RUN,
    });
    return toCard(row);
  }

  /** Changes a card, keeping what it was; false when it was started, or changed by someone else since it had `hash`. */
  update(id: string, hash: string, content: CardContent): Promise<boolean> {
    return this.change(id, hash, (before, history) => ({ content, history: [...history, before] }));
  }

  /** Takes the last change back; false as of `update`, or when there is none. */
  undo(id: string, hash: string): Promise<boolean> {
    return this.change(id, hash, (_, history) => {
      const content = history.at(-1);
      return content ? { content, history: history.slice(0, -1) } : null;
    });
  }

  private change(
    id: string,
    hash: string,
    next: (before: CardContent, history: CardContent[]) => { content: CardContent; history: CardContent[] } | null,
  ): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      await tables.$queryRaw`SELECT id FROM mallo.training_configs WHERE id = ${id} FOR UPDATE`;
      const row = await tables.trainingConfig.findUnique({ where: { id, hash, run: null }, include: WITH_RUN });
      const changed = row && next(contentOf(row), historyOf(row));
      if (!changed) return false;
      const data = { ...forColumns(changed.content), history: changed.history };
      await tables.trainingConfig.update({ where: { id }, data });
      return true;
    });
  }

  /** The last trainings that came to their end on this machine, the newest first; of one model, or of all. */
  async pastRuns(limit: number, modelName?: string): Promise<PastRun[]> {
    const ofModel = modelName === undefined ? {} : { config: { path: ['model', 'name'], equals: modelName } };
    const rows = await this.database.trainingConfig.findMany({
      where: { ...ofModel, run: { status: 'completed' } },
      orderBy: { run: { endedAt: 'desc' } },
      take: limit,
      include: { run: { select: { result: true } } },
    });
    return rows.map(({ config, estimate, surroundings, run }) => ({
      config: TrainingConfig.parse(config),
      result: RunResult.parse(run?.result),
      estimate: Estimate.nullable().parse(estimate),
      surroundings: Surroundings.nullable().parse(surroundings),
    }));
  }
}

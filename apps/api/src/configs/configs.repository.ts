import { newId } from '@mallo/backend';
import { CardOrigins, type ConfigCard, Estimate, TrainingConfig } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import type { Prisma } from '../generated/prisma/client.js';

const WITH_RUN = { run: { select: { id: true } }, conversation: true } as const;
type Row = Prisma.TrainingConfigGetPayload<{ include: typeof WITH_RUN }>;

export type CardContent = Pick<ConfigCard, 'config' | 'origin' | 'hash' | 'estimate'>;

function toCard(row: Row): ConfigCard {
  return {
    id: row.id,
    conversationId: row.conversationId,
    messageId: row.messageId,
    config: TrainingConfig.parse(row.config),
    origin: CardOrigins.parse(row.origin),
    hash: row.hash,
    estimate: row.estimate === null ? null : Estimate.parse(row.estimate),
    runId: row.run?.id ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** JSON null is a value of its own to Prisma; a column's absence is undefined. */
function forColumn({ estimate, ...rest }: CardContent) {
  return { ...rest, estimate: estimate ?? undefined };
}

@Injectable()
export class ConfigsRepository {
  constructor(private readonly database: Database) {}

  async get(id: string): Promise<{ card: ConfigCard; projectId: string } | null> {
    const row = await this.database.trainingConfig.findUnique({ where: { id }, include: WITH_RUN });
    return row && { card: toCard(row), projectId: row.conversation.projectId };
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
      data: { id: newId('cfg'), conversationId, messageId, ...forColumn(content) },
      include: WITH_RUN,
    });
    return toCard(row);
  }

  /** Changes a card; false when it was started, or changed by someone else since it had `hash`. */
  async update(id: string, hash: string, content: CardContent): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      await tables.$queryRaw`SELECT id FROM mallo.training_configs WHERE id = ${id} FOR UPDATE`;
      const updated = await tables.trainingConfig.updateMany({
        where: { id, hash, run: null },
        data: forColumn(content),
      });
      return updated.count > 0;
    });
  }
}

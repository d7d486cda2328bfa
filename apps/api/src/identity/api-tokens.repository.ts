import { API_TOKEN_PREFIX, newId } from '@mallo/backend';
import { type ApiToken, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { ApiToken as Row } from '../generated/prisma/client.js';
import { hashSecret, newSecret } from './secret.js';

const SHOWN_CHARACTERS = 12;
/** A busy program would otherwise write this row with every call. */
const LAST_USED_EVERY_MS = 60_000;

function toApiToken(row: Row): ApiToken {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    projectId: row.projectId,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

/** Tokens for programs. Only a hash is kept. */
@Injectable()
export class ApiTokensRepository {
  constructor(private readonly database: Database) {}

  async list(userId: string): Promise<ApiToken[]> {
    const rows = await this.database.apiToken.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
    return rows.map(toApiToken);
  }

  async create(userId: string, name: string, projectId: string | null): Promise<ApiToken & { token: string }> {
    const token = API_TOKEN_PREFIX + newSecret();
    const row = await this.database.apiToken.create({
      data: {
        id: newId('tok'),
        userId,
        name,
        projectId,
        prefix: token.slice(0, SHOWN_CHARACTERS),
        tokenHash: hashSecret(token),
      },
    });
    return { ...toApiToken(row), token };
  }

  /** @throws MalloError request.not_found */
  async remove(userId: string, id: string): Promise<void> {
    const { count } = await this.database.apiToken.deleteMany({ where: { id, userId } });
    if (count === 0) throw new MalloError('request.not_found');
  }

  /** Whose token this is and for which project, noting that it was used; null when there is none. */
  async use(tokenHash: string): Promise<{ userId: string; projectId: string | null } | null> {
    const row = await this.database.apiToken.findUnique({ where: { tokenHash } });
    if (!row) return null;
    const now = new Date();
    if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > LAST_USED_EVERY_MS) {
      await this.database.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } });
    }
    return { userId: row.userId, projectId: row.projectId ?? (await this.oldestProject(row.userId)) };
  }

  /** The project of a token that was made without one. */
  private async oldestProject(ownerId: string): Promise<string | null> {
    const oldest = { where: { ownerId }, orderBy: { createdAt: 'asc' }, select: { id: true } } as const;
    return (await this.database.project.findFirst(oldest))?.id ?? null;
  }
}

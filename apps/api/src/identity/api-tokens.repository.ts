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

/** Whether it was made for one piece of work, which was left. */
function isGone({ idleSeconds, lastUsedAt, createdAt }: Row): boolean {
  return idleSeconds !== null && (lastUsedAt ?? createdAt).getTime() < Date.now() - idleSeconds * 1000;
}

type NewToken = { name: string; projectId: string | null; idleSeconds?: number | undefined };

/** Tokens for programs. Only a hash is kept. */
@Injectable()
export class ApiTokensRepository {
  constructor(private readonly database: Database) {}

  async list(userId: string): Promise<ApiToken[]> {
    const rows = await this.database.apiToken.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
    return rows.filter((row) => !isGone(row)).map(toApiToken);
  }

  /** Makes a token, and clears away those of the person that are gone. */
  async create(userId: string, asked: NewToken): Promise<ApiToken & { token: string }> {
    await this.database.$executeRaw`
      DELETE FROM mallo.api_tokens WHERE user_id = ${userId}
        AND coalesce(last_used_at, created_at) < now() - make_interval(secs => idle_seconds)`;
    const token = API_TOKEN_PREFIX + newSecret();
    const row = await this.database.apiToken.create({
      data: {
        id: newId('tok'),
        userId,
        ...asked,
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
    if (!row || isGone(row)) return null;
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

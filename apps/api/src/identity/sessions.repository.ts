import { newId } from '@mallo/backend';
import { MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { hashSecret, newSecret } from './secret.js';

export const REFRESH_TOKEN_SECONDS = 30 * 24 * 60 * 60;

/**
 * A browser may lose the answer to a refresh, or two programs may share a session and refresh at once. For this
 * long a used token still works, as long as no token that came from it was used in turn.
 */
const REPEAT_GRACE_MS = 20_000;

export type Session = { refreshToken: string; familyId: string };

/** Refresh tokens: each works once, and the whole family ends when a used one comes back (RFC 9700, section 4.14). */
@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** Begins a family and returns its first refresh token. */
  async begin(userId: string): Promise<Session> {
    return this.add(this.database, userId, newId('fam'));
  }

  /**
   * Exchanges a refresh token for the next one of its family.
   * @throws MalloError auth.session_expired, auth.session_reused
   */
  async rotate(refreshToken: string): Promise<Session & { userId: string }> {
    const rotated = await this.database.$transaction(async (tables) => {
      const tokenHash = hashSecret(refreshToken);
      // The row is locked, so that of two rotations at once the second sees what the first did.
      await tables.$queryRaw`SELECT id FROM mallo.sessions WHERE token_hash = ${tokenHash} FOR UPDATE`;
      const session = await tables.session.findUnique({ where: { tokenHash } });
      const now = new Date();
      if (!session || session.expiresAt < now) throw new MalloError('auth.session_expired');
      if (session.usedAt && !(await this.isRepeat(tables, session.familyId, session.usedAt, now))) {
        await tables.session.deleteMany({ where: { familyId: session.familyId } });
        return null;
      }
      if (!session.usedAt) await tables.session.update({ where: { id: session.id }, data: { usedAt: now } });
      await tables.session.deleteMany({ where: { userId: session.userId, expiresAt: { lt: now } } });
      return { userId: session.userId, ...(await this.add(tables, session.userId, session.familyId)) };
    });
    // Thrown outside the transaction, which must keep the end of the family.
    if (!rotated) throw new MalloError('auth.session_reused');
    return rotated;
  }

  /** Ends the session a token belongs to; nothing happens where there is none. */
  async end(refreshToken: string): Promise<void> {
    const session = await this.database.session.findUnique({ where: { tokenHash: hashSecret(refreshToken) } });
    if (session) await this.database.session.deleteMany({ where: { familyId: session.familyId } });
  }

  private async isRepeat(tables: Tables, familyId: string, usedAt: Date, now: Date): Promise<boolean> {
    if (now.getTime() - usedAt.getTime() > REPEAT_GRACE_MS) return false;
    const later = await tables.session.count({
      where: { familyId, createdAt: { gte: usedAt }, usedAt: { not: null } },
    });
    return later === 0;
  }

  private async add(tables: Tables, userId: string, familyId: string): Promise<Session> {
    const refreshToken = newSecret();
    await tables.session.create({
      data: {
        id: newId('ses'),
        userId,
        familyId,
        tokenHash: hashSecret(refreshToken),
        createdAt: new Date(),
        expiresAt: new Date(Date.now() + REFRESH_TOKEN_SECONDS * 1000),
      },
    });
    return { refreshToken, familyId };
  }
}

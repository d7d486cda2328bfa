import { newId } from '@mallo/backend';
import { Locale, MalloError, type User } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import type { User as Row } from '../generated/prisma/client.js';

export function toUser(row: Row): User {
  return { id: row.id, email: row.email, name: row.name, locale: Locale.catch('en').parse(row.locale) };
}

type Registration = { email: string; name: string; locale: Locale; passwordHash: string };

/** People. The oldest account is the owner's. */
@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  get(id: string): Promise<Row | null> {
    return this.database.user.findUnique({ where: { id } });
  }

  byEmail(email: string): Promise<Row | null> {
    return this.database.user.findUnique({ where: { email } });
  }

  async ownerExists(): Promise<boolean> {
    return (await this.database.user.count({ where: { passwordHash: { not: null } } })) > 0;
  }

  /**
   * Makes the owner's account, or gives a password to the one that the terminal made before.
   * @throws MalloError auth.registration_closed
   */
  registerOwner(registration: Registration): Promise<Row> {
    return this.alone(async (tables) => {
      const owner = await oldest(tables);
      if (owner?.passwordHash) throw new MalloError('auth.registration_closed');
      if (owner) return tables.user.update({ where: { id: owner.id }, data: registration });
      return tables.user.create({ data: { id: newId('usr'), ...registration } });
    });
  }

  /** The owner, made without a password when nobody registered yet. */
  ensureOwner(locale: Locale): Promise<Row> {
    return this.alone(
      async (tables) =>
        (await oldest(tables)) ?? tables.user.create({ data: { id: newId('usr'), name: 'Mallo', locale } }),
    );
  }

  update(id: string, change: { name?: string; locale?: Locale }): Promise<Row> {
    return this.database.user.update({ where: { id }, data: change });
  }

  /** Two first visits at once must not make two owners. */
  private alone<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
    return this.database.$transaction(async (tables) => {
      await tables.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('mallo.owner'))`;
      return work(tables);
    });
  }
}

function oldest(tables: Tables): Promise<Row | null> {
  return tables.user.findFirst({ orderBy: { createdAt: 'asc' } });
}

import { ACCESS_TOKEN_SECONDS, Tokens } from '@mallo/backend';
import { type Locale, MalloError, type User } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SETTINGS, type Settings } from '../settings.js';
import { newSecret, sameSecret } from './secret.js';
import { type Session, SessionsRepository } from './sessions.repository.js';
import { toUser, UsersRepository } from './users.repository.js';

/** argon2id with the parameters OWASP recommends first (19 MiB, 2 passes, 1 lane). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Tokens of someone who has just shown who they are. */
export type SignedIn = { user: User; accessToken: string; refreshToken: string; accessExpiresAt: Date };

/** Accounts and sessions. */
@Injectable()
export class IdentityService {
  /** Wrong passwords for one account from one address, a minute. */
  private readonly failures = new RateLimiterMemory({ points: 10, duration: 60 });
  /** Verified against when there is no such account, so that the answer takes as long. */
  private readonly nobody = hash(newSecret(), ARGON2);

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly tokens: Tokens,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
  ) {}

  ownerExists(): Promise<boolean> {
    return this.users.ownerExists();
  }

  /** @throws MalloError auth.registration_closed */
  async register(person: { email: string; password: string; name: string; locale: Locale }): Promise<SignedIn> {
    if (await this.users.ownerExists()) throw new MalloError('auth.registration_closed');
    const { password, ...rest } = person;
    const user = await this.users.registerOwner({ ...rest, passwordHash: await hash(password, ARGON2) });
    return this.begin(toUser(user));
  }

  /** @throws MalloError auth.wrong_credentials, request.too_many */
  async login(email: string, password: string, address: string): Promise<SignedIn> {
    const user = await this.users.byEmail(email);
    const right = await this.limited(`login ${email} ${address}`, async () =>
      verify(user?.passwordHash ?? (await this.nobody), password),
    );
    if (!user || !right) throw new MalloError('auth.wrong_credentials');
    return this.begin(toUser(user));
  }

  /** @throws MalloError auth.wrong_credentials, request.too_many */
  async loginLocally(key: string, address: string): Promise<SignedIn> {
    const right = await this.limited(
      `local ${address}`,
      async () => this.settings.MALLO_LOCAL_KEY !== undefined && sameSecret(key, this.settings.MALLO_LOCAL_KEY),
    );
    if (!right) throw new MalloError('auth.wrong_credentials');
    return this.begin(toUser(await this.users.ensureOwner('en')));
  }

  /** @throws MalloError auth.session_expired, auth.session_reused */
  async refresh(refreshToken: string | undefined): Promise<SignedIn> {
    if (!refreshToken) throw new MalloError('auth.session_expired');
    const next = await this.sessions.rotate(refreshToken);
    return this.signIn(await this.me(next.userId), next);
  }

  async logout(refreshToken: string | undefined): Promise<void> {
    if (refreshToken) await this.sessions.end(refreshToken);
  }

  /** @throws MalloError auth.required when the account is gone */
  async me(userId: string): Promise<User> {
    const user = await this.users.get(userId);
    if (!user) throw new MalloError('auth.required');
    return toUser(user);
  }

  async updateMe(userId: string, change: { name?: string; locale?: Locale }): Promise<User> {
    return toUser(await this.users.update(userId, change));
  }

  private async begin(user: User): Promise<SignedIn> {
    return this.signIn(user, await this.sessions.begin(user.id));
  }

  private async signIn(user: User, { refreshToken, familyId }: Session): Promise<SignedIn> {
    return {
      user,
      accessToken: await this.tokens.sign({ kind: 'user', userId: user.id, signInId: familyId }),
      refreshToken,
      accessExpiresAt: new Date(Date.now() + ACCESS_TOKEN_SECONDS * 1000),
    };
  }

  /** Counts a try before it is checked, so that many at once cannot slip through, and takes a right one back. */
  private async limited(key: string, check: () => Promise<boolean>): Promise<boolean> {
    try {
      await this.failures.consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new MalloError('request.too_many', { seconds: Math.ceil(refused.msBeforeNext / 1000) });
    }
    const right = await check();
    if (right) await this.failures.reward(key);
    return right;
  }
}

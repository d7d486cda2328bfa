import { randomUUID } from 'node:crypto';
import type { OperatorMetrics } from '@mallo/backend';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import type { Logger } from 'pino';
import { Counter, Gauge } from 'prom-client';
import { z } from 'zod';

/** Larger batches are told of, and read from the database where somebody watches. */
const MESSAGE_BYTES = 512 * 1024;
/** What may be under way to Redis; what does not fit is not told of. */
const UNDER_WAY_BYTES = 16 * 1024 * 1024;
const LONGEST_RETRY_MS = 2_000;
/** How long the watchers of an instance count that was killed. */
const PRESENCE_SECONDS = 60;

const Header = z.strictObject({
  from: z.string(),
  runId: z.string(),
  /** The run's last number before the batch; null: who watches the run changed. */
  seqBefore: z.int().nullable(),
  whole: z.boolean(),
});
const Watchers = z.strictObject({ signIns: z.array(z.string()), untilMs: z.int() });

export type Listener = {
  /** A batch was stored by another instance; without a payload it has to be read. */
  stored: (projectId: string, runId: string, seqBefore: number, payload: Buffer | null) => void;
  watchersChanged: (runId: string) => void;
  /** Something may have been told while nobody listened. */
  missed: () => void;
};

/** A Redis, not connected yet. Its client, which most have no use for, takes longer to load than all of the live stream. */
export async function redisAt(url: string): Promise<RedisClientType> {
  const { createClient } = await import('@redis/client');
  return createClient({
    url,
    // What cannot be sent now is read from the database by whoever needs it.
    disableOfflineQueue: true,
    socket: { connectTimeout: 5_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, LONGEST_RETRY_MS) },
  });
}

/**
 * The other instances of telemetry behind the same balancer, by way of Redis. All that is told is a hint: it may come
 * late, twice or never, and the database is asked for what is missing.
 */
export class OtherInstances implements OnApplicationShutdown {
  private readonly id = randomUUID();
  private readonly subscriber: RedisClientType;
  private readonly projects = new Map<string, { listeners: number; beginning: Promise<void> | null }>();
  private readonly messages: Counter<'direction'>;
  private underWay = 0;
  private listener: Listener | undefined;

  constructor(
    private readonly redis: RedisClientType,
    { registry }: OperatorMetrics,
    private readonly log: Logger,
  ) {
    const registers = [registry];
    this.messages = new Counter({
      name: 'mallo_telemetry_redis_messages_total',
      help: 'Messages of other instances by direction: out, in, or dropped as Redis took them too slowly',
      labelNames: ['direction'],
      registers,
    });
    for (const direction of ['out', 'in', 'dropped']) this.messages.inc({ direction }, 0);
    this.subscriber = this.redis.duplicate();
    const isUp = () => this.isUp;
    new Gauge({
      name: 'mallo_telemetry_redis_up',
      help: '1 while Redis answers, 0 while other instances are not heard',
      registers,
      collect() {
        this.set(Number(isUp()));
      },
    });
    this.redis.on('error', () => {});
    this.subscriber.on('error', (error: Error) => log.debug({ err: error }, 'Redis does not answer'));
    this.subscriber.on('ready', () => this.listenAgain());
    for (const client of [this.redis, this.subscriber]) client.connect().catch(() => undefined);
  }

  get isUp(): boolean {
    return this.redis.isReady && this.subscriber.isReady;
  }

  on(listener: Listener): void {
    this.listener = listener;
  }

  /**
   * Listens to what the others store of a project, until the answer is called.
   * @param missed called when something may have been stored before it was listened
   */
  listen(projectId: string, missed: () => void): () => void {
    const project = this.projects.get(projectId) ?? { listeners: 0, beginning: this.begin(projectId) };
    this.projects.set(projectId, project);
    project.listeners += 1;
    void project.beginning?.then(missed);
    return () => {
      project.listeners -= 1;
      if (project.listeners > 0) return;
      this.projects.delete(projectId);
      if (this.subscriber.isReady) this.subscriber.unsubscribe(channelOf(projectId)).catch(() => undefined);
    };
  }

  /** Tells the others of a batch that was stored here. Never waits. */
  stored(projectId: string, runId: string, seqBefore: number, payload: Buffer): void {
    const whole = payload.length <= MESSAGE_BYTES;
    this.publish(projectId, { from: this.id, runId, seqBefore, whole }, whole ? payload : Buffer.alloc(0));
  }

  /** Notes who watches a run here, and tells the others. @returns everybody who does, anywhere; null while that is not known */
  async shareWatchers(
    projectId: string,
    runId: string,
    signIns: string[],
    isNews: boolean,
  ): Promise<Set<string> | null> {
    if (!this.isUp) return null;
    const key = `mallo:sign-ins:${runId}`;
    try {
      // Of Redis, the one clock that all instances share.
      const nowMs = Number((await this.redis.time())[0]) * 1000;
      const own = JSON.stringify({ signIns, untilMs: nowMs + PRESENCE_SECONDS * 1000 });
      if (signIns.length > 0) await this.redis.multi().hSet(key, this.id, own).expire(key, PRESENCE_SECONDS).exec();
      else await this.redis.hDel(key, this.id);
      const all = Object.values(await this.redis.hGetAll(key)).map((text) => Watchers.parse(JSON.parse(text)));
      const header = { from: this.id, runId, seqBefore: null, whole: true };
      if (isNews) this.publish(projectId, header, Buffer.alloc(0));
      return new Set(all.filter(({ untilMs }) => untilMs > nowMs).flatMap((watchers) => watchers.signIns));
    } catch (error) {
      this.log.debug({ err: error }, 'who watches elsewhere is not known');
      return null;
    }
  }

  onApplicationShutdown(): void {
    for (const client of [this.redis, this.subscriber]) if (client.isOpen) client.destroy();
  }

  private publish(projectId: string, header: z.infer<typeof Header>, payload: Buffer): void {
    if (!this.redis.isReady || this.underWay > UNDER_WAY_BYTES) {
      this.messages.inc({ direction: 'dropped' });
      return;
    }
    const head = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(head.length);
    const message = Buffer.concat([length, head, payload]);
    this.underWay += message.length;
    const done = () => {
      this.underWay -= message.length;
    };
    this.messages.inc({ direction: 'out' });
    this.redis.publish(channelOf(projectId), message).then(done, done);
  }

  private async subscribe(projectId: string): Promise<void> {
    if (!this.subscriber.isReady) return;
    const heard = (message: Buffer) => this.heard(projectId, message);
    await this.subscriber
      .subscribe(channelOf(projectId), heard, true)
      .catch((error: unknown) => this.log.warn({ err: error }, 'Redis is not listened to'));
  }

  private async begin(projectId: string): Promise<void> {
    await this.subscribe(projectId);
    const project = this.projects.get(projectId);
    if (project) project.beginning = null;
  }

  private listenAgain(): void {
    // Without what it remembers of before: each channel would be heard twice.
    const all = [...this.projects.keys()].map(async (projectId) => {
      await this.subscriber.unsubscribe(channelOf(projectId)).catch(() => undefined);
      await this.subscribe(projectId);
    });
    void Promise.all(all).then(() => this.listener?.missed());
  }

  private heard(projectId: string, message: Buffer): void {
    const end = 2 + message.readUInt16BE(0);
    const header = Header.parse(JSON.parse(message.subarray(2, end).toString()));
    if (header.from === this.id) return;
    this.messages.inc({ direction: 'in' });
    if (header.seqBefore === null) this.listener?.watchersChanged(header.runId);
    else this.listener?.stored(projectId, header.runId, header.seqBefore, header.whole ? message.subarray(end) : null);
  }
}

function channelOf(projectId: string): string {
  return `mallo:project:${projectId}`;
}

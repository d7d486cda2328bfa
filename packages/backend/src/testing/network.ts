import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type TestNetwork = {
  /** Where the service is reached through this network. */
  url: string;
  /** Breaks half of what is connected, in the middle of whatever is under way; new connections are made at once. */
  breakHalf: () => void;
  /**
   * From now on nothing passes. What was connected hangs without an end, and half of who connects anew is refused, the
   * others hang too.
   */
  goAway: () => void;
  /** Half of what hung is broken; of the others, all that was on its way arrives after all, given up or not. */
  comeBack: () => void;
  close: () => void;
};

/** A network before a service of this machine, that can fail as real ones do. */
export async function startTestNetwork(serviceUrl: string): Promise<TestNetwork> {
  const port = Number(new URL(serviceUrl).port);
  const links = new Set<Link>();
  let isAway = false;
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined);
    if (isAway && Math.random() < 0.5) return client.resetAndDestroy();
    const link = new Link(client, port);
    links.add(link);
    link.ended.then(() => links.delete(link));
    if (!isAway) link.open();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  const breakHalf = () => {
    for (const link of links) if (Math.random() < 0.5) link.break();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    breakHalf,
    goAway: () => {
      isAway = true;
      for (const link of links) link.hang();
    },
    comeBack: () => {
      isAway = false;
      breakHalf();
      for (const link of links) link.open();
    },
    close: () => {
      for (const link of links) link.break();
      server.close();
    },
  };
}

/** A connection of a client to the service. */
class Link {
  private service: Socket | undefined;
  private isHanging = true;
  private readonly over = Promise.withResolvers<void>();

  constructor(
    private readonly client: Socket,
    private readonly port: number,
  ) {
    client.once('close', () => this.sideClosed());
  }

  get ended(): Promise<void> {
    return this.over.promise;
  }

  /** Lets through what comes, and what came while it hung. */
  open(): void {
    this.isHanging = false;
    if (this.client.destroyed || this.service?.destroyed) {
      this.break();
      return;
    }
    this.service ??= this.reach();
    this.client.pipe(this.service).pipe(this.client);
  }

  /** Lets nothing through, not even an end. */
  hang(): void {
    this.isHanging = true;
    for (const socket of [this.client, this.service]) socket?.unpipe().pause();
  }

  break(): void {
    this.isHanging = false;
    this.client.resetAndDestroy();
    this.service?.resetAndDestroy();
    this.over.resolve();
  }

  private reach(): Socket {
    const service = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true });
    service.on('error', () => undefined);
    return service.once('close', () => this.sideClosed());
  }

  private sideClosed(): void {
    if (this.isHanging) return;
    this.client.destroySoon();
    this.service?.destroySoon();
    this.over.resolve();
  }
}

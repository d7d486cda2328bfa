import {
  errorMessage,
  LIVE_SOCKET_PATH,
  type LiveClientToServer,
  type LiveRefusal,
  type LiveServerToClient,
} from '@mallo/contracts';
import { io, type Socket } from 'socket.io-client';
import type { Client } from './client.js';
import { ApiError } from './errors.js';

/** Of the connection, which says nothing of the training: it goes on without anybody watching. */
export type LinkState = 'connecting' | 'live' | 'reconnecting';

export type LinkListener = {
  onLink?: (state: LinkState) => void;
  /** It cannot be watched (it is gone, or the session ended); nothing more will come. */
  onError?: (error: ApiError) => void;
};

type LiveSocket = Socket<LiveServerToClient, LiveClientToServer>;
type JoiningAnswer = { ok: true } | { ok: false; code: LiveRefusal | 'events.gone' };

const RETRY_MS = [500, 1000, 2000, 4000];
const ANSWER_TIMEOUT_MS = 10_000;

/** One connection to the live stream: made again when it is lost, and with a new token when the old one has expired. */
export class LiveConnection {
  readonly socket: LiveSocket;
  private readonly stopping = new AbortController();
  private link: LinkState = 'connecting';
  private failures = 0;
  private renewals = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    private readonly listener: LinkListener,
  ) {
    this.socket = io(client.baseUrl || undefined, {
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      withCredentials: true,
      autoConnect: false,
      // One connection for each watcher, so that stopping one does not stop another.
      forceNew: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 4000,
      auth: (give) => give(client.accessToken ? { token: client.accessToken } : {}),
    });
    // A connection that was never made is no less lost: socket.io goes on trying, and the page has to say so.
    this.socket.on('connect_error', () => this.setLink('reconnecting'));
    this.socket.on('disconnect', (reason) => {
      this.setLink('reconnecting');
      // Only when the server ends it does socket.io not come back by itself.
      if (reason === 'io server disconnect') this.later(() => this.socket.connect());
    });
  }

  /** Aborted once nobody wants it any more. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  /**
   * Asks to be let in: `again` where no answer comes, with a new token where the old one has expired. Any other refusal
   * is the end, but that events are gone, which whoever asked for them has to know.
   * @returns the answer; null where nothing is left to do
   */
  async join<Answer extends JoiningAnswer>(
    ask: (socket: ReturnType<LiveSocket['timeout']>) => Promise<Answer>,
    again: () => void,
  ): Promise<Answer | null> {
    const askedMs = Date.now();
    let answer: Answer;
    try {
      answer = await ask(this.socket.timeout(ANSWER_TIMEOUT_MS));
    } catch {
      // No answer: if the connection is lost the socket connects anew, otherwise it is asked again.
      this.later(() => this.socket.connected && again());
      return null;
    }
    if (this.stopped.aborted) return null;
    const told: JoiningAnswer = answer;
    if (told.ok) {
      // What failed before is forgotten.
      this.failures = 0;
      this.renewals = 0;
      return answer;
    }
    if (told.code === 'events.gone') return answer;
    if (told.code === 'auth.required') void this.renewAndReconnect(askedMs);
    else this.fail(refusal(told.code));
    return null;
  }

  setLink(state: LinkState): void {
    if (state === this.link || this.stopped.aborted) return;
    this.link = state;
    this.listener.onLink?.(state);
  }

  /** Does it after a pause that grows with each failure in a row. */
  later(work: () => void): void {
    if (this.stopped.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(work, RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
  }

  fail(error: ApiError): void {
    if (this.stopped.aborted) return;
    this.stop();
    this.listener.onError?.(error);
  }

  stop(): void {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.socket.disconnect();
  }

  /** The token is read when a connection begins, so a new one needs a new connection. */
  private async renewAndReconnect(sinceMs: number): Promise<void> {
    this.setLink('reconnecting');
    if (this.renewals > 0) return this.fail(refusal('auth.required'));
    try {
      await this.client.renew(sinceMs);
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return this.fail(error);
      return this.later(() => void this.renewAndReconnect(sinceMs));
    }
    if (this.stopped.aborted) return;
    this.renewals += 1;
    this.socket.disconnect().connect();
  }
}

/** The stream says no more than that. */
const NOT_WATCHED = {
  problem: {
    en: 'the live stream takes another form, or fewer things to watch over one connection',
    ko: '실시간 스트림이 받는 형식이 아니거나 한 연결로 지켜보는 대상이 너무 많습니다',
  },
};

/** A refusal of the stream as the error that a route would have answered. */
function refusal(code: LiveRefusal): ApiError {
  const status = { 'auth.required': 401, 'run.not_found': 404, 'project.not_found': 404, 'request.invalid': 400 }[code];
  return new ApiError(code, status, errorMessage(code, code === 'request.invalid' ? NOT_WATCHED : {}), {}, '');
}

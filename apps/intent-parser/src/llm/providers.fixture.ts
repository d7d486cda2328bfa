import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { readSettings } from '@mallo/backend';
import { LlmSettings } from '../settings.js';
import { anthropicWire } from './anthropic-wire.fixture.js';
import { openaiWire } from './openai-wire.fixture.js';
import { type Saying, type Streamed, USAGE, type Wire } from './wire.fixture.js';

/** What the providers do at one question: say something, stream it, answer with a status or a body, or nothing. */
export type Script =
  | Saying
  | Streamed
  | { status: number }
  | { body: string }
  | { silent: true }
  /** Whole, but with a moment between its bytes. */
  | { slowly: Saying }
  /** Begins an answer and never ends it. */
  | { drip: string };

export type Provider = 'anthropic' | 'openai';
const WIRES: Record<Provider, Wire> = { anthropic: anthropicWire, openai: openaiWire };

type Asked = {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** Whether the answer was sent to its end, once its connection is done with. */
  answered: Promise<boolean>;
};

export const TOKENS_PER_ANSWER = USAGE.in + USAGE.out;
// Where a network cuts an answer is nobody's choice; this goes through characters of Korean, too.
const BYTES_AT_ONCE = 11;

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function writeCut(response: ServerResponse, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) response.write(bytes.subarray(at, at + BYTES_AT_ONCE));
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  if (body.length < 100_000) writeCut(response, body);
  else response.write(body);
  response.end();
}

async function trickle(response: ServerResponse, body: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    response.write(bytes.subarray(at, at + BYTES_AT_ONCE));
    await setTimeout(1);
  }
  response.end();
}

async function stream(response: ServerResponse, wire: Wire, script: Streamed): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for await (const event of wire.stream(script)) writeCut(response, event);
  if (script.end === 'silence') return;
  if (script.end === 'cut') response.socket?.end(() => response.destroy());
  else response.end();
}

/** A server that speaks both providers' protocols on the wire and does what it is told to next. */
export async function startProviders() {
  const asked: Asked[] = [];
  let script: Script = { words: '' };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    const answered = new Promise<boolean>((resolve) =>
      response.once('close', () => resolve(response.writableFinished)),
    );
    asked.push({ path, headers: request.headers, body, answered });
    const wire = Object.values(WIRES).find((one) => one.path === path);
    if (!wire) return respond(response, 404, '{}');
    if ('silent' in script) return;
    if ('drip' in script) {
      response.writeHead(200, { 'content-type': 'application/json' }).write(script.drip);
      return;
    }
    if ('status' in script) {
      // Providers repeat the key in what they say of it.
      const key = request.headers['x-api-key'] ?? request.headers.authorization;
      const error = { type: 'api_error', message: `No luck with ${key}` };
      return respond(response, script.status, JSON.stringify({ type: 'error', error }));
    }
    if ('slowly' in script) return trickle(response, JSON.stringify(wire.whole(script.slowly)));
    if ('body' in script) return respond(response, 200, script.body);
    if ('pieces' in script) return stream(response, wire, script);
    if (body.stream && 'words' in script) {
      return stream(response, wire, { pieces: [script.words], usage: script.usage });
    }
    if (body.stream) return stream(response, wire, { pieces: [], end: 'refusal' });
    respond(response, 200, JSON.stringify(wire.whole(script)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    url,
    answers(next: Script) {
      script = next;
    },
    /** Settings that turn on a provider at this server, as the environment would have them. */
    settings(provider: Provider, key: string, more: NodeJS.ProcessEnv = {}): LlmSettings {
      return readSettings(LlmSettings, {
        [provider === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY']: key,
        ANTHROPIC_BASE_URL: url,
        OPENAI_BASE_URL: `${url}/v1`,
        ...more,
      });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

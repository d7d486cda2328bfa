import { randomBytes } from 'node:crypto';
import { Agent, request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { type ErrorBody, MalloError } from '@mallo/contracts';
import { createProxyServer } from 'http-proxy-3';
import { Refusal, refusals } from '../sentences.js';
import { STARTING_PAGE } from './starting-page.js';

/** A part behind the front door: its internal port, and whether it can answer now. */
export type Part = { name: string; port: number; up: boolean };
export type Parts = { api: Part; telemetry: Part; web: Part };

export type FrontDoor = { port: number; close(): Promise<void> };

/** Set by the front door alone; from outside they would be believed by the services behind it. */
const FORWARDING_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
];

/** Of one connection alone; the next has its own. */
const OF_ONE_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding']);

/** A body's length or that it comes in chunks is passed on; the name of the host is said once. */
const NOT_PASSED_ON = new Set(['connection', 'keep-alive', 'proxy-connection', 'host', ...FORWARDING_HEADERS]);

/** To each part, when nothing is asked of it. */
const FREE_CONNECTIONS = 64;
/** Node's agent ends only free connections after it, and heeds what a part says only where this is longer. */
const FREE_MS = 30_000;

/**
 * To a program that asks nothing meanwhile. Node's five seconds are about as long as a client of Node keeps its side, so that
 * its next request could meet the end of the connection.
 */
const KEEP_ALIVE_MS = 72_000;

/** What of MLflow's REST API telemetry answers: runs and what they log. The rest of it is of the api. */
const TRACKING_PATH =
  /^\/api\/(?:2\.0\/mlflow\/(?:experiments|runs|metrics|logged-models)|3\.0\/mlflow\/server-info)(?:[/?]|$)/;

/**
 * The one port of Mallo: `/api` to the api, `/live` and MLflow's tracking to telemetry, everything else to the web
 * app, HTTP and WebSocket alike. Bodies stream through. `parts` is asked on each request.
 * @throws Refusal when the port or the address cannot be had.
 */
export async function openFrontDoor(
  host: string,
  port: number,
  parts: () => Parts | null,
  ownHosts: string[] = [],
): Promise<FrontDoor> {
  // A connection to a part is kept for a while, but a second less than the part says that it keeps it. One that
  // died with its part is found so as a new one would be refused.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: FREE_CONNECTIONS, timeout: FREE_MS });
  const proxy = createProxyServer();
  const server = createServer();
  // Large uploads and live connections take as long as they take; headers must still come within a minute.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;

  proxy.on('error', (_error, _request, out) => out.destroy());

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!mayAsk(request, host, ownHosts)) {
      answerProblem(response, new MalloError('auth.bad_origin'));
      return;
    }
    const part = partFor(request, parts());
    if (!part?.up) {
      refuse(request, response, part);
      return;
    }
    forward(request, response, part, agent);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const part = partFor(request, parts());
    socket.on('error', () => socket.destroy());
    if (!part?.up || !mayAsk(request, host, ownHosts)) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    introduce(request);
    proxy.ws(request, socket, head, { target: `http://127.0.0.1:${part.port}` });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new Refusal(refusals.portInUse(port)));
      else if (error.code === 'EACCES') reject(new Refusal(refusals.portForbidden(port)));
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        reject(new Refusal(refusals.addressUnknown(host)));
      else reject(error);
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
        agent.destroy();
      }),
  };
}

function partFor(request: IncomingMessage, parts: Parts | null): Part | null {
  const path = request.url ?? '/';
  if (TRACKING_PATH.test(path) || /^\/live(?:[/?]|$)/.test(path)) {
    return parts?.telemetry ?? { name: 'telemetry', port: 0, up: false };
  }
  if (/^\/api(?:[/?]|$)/.test(path)) return parts?.api ?? { name: 'api', port: 0, up: false };
  return parts?.web ?? null;
}

/**
 * On a door that only this machine can reach, a name that is not this machine's means that some other site
 * had its own name point here (DNS rebinding) to speak to Mallo through its visitor's browser.
 */
function mayAsk(request: IncomingMessage, host: string, ownHosts: string[]): boolean {
  if (!isLoopback(host)) return true;
  const asked = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return isLoopback(asked.replace(/^\[|\]$/g, '')) || ownHosts.includes(asked);
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** Brings a request to a part and its answer back, both as they come. */
function forward(request: IncomingMessage, response: ServerResponse, part: Part, agent: Agent): void {
  const out = ask({
    agent,
    host: '127.0.0.1',
    port: part.port,
    method: request.method,
    path: request.url,
    // As they came: to look at each of them again takes longer than all the rest.
    headers: [...without(request.rawHeaders, NOT_PASSED_ON), ...Object.entries(introduction(request)).flat()],
  });
  out.once('response', (answer) => {
    // Half an answer must not look like a whole one, nor wait for the rest for ever.
    answer.once('close', () => answer.complete || response.destroy());
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, without(answer.rawHeaders, OF_ONE_CONNECTION));
    answer.pipe(response);
  });
  out.on('error', () => {
    // A part that answers before it has read the whole body may break the pipe; its answer stands.
    if (!response.headersSent) refuse(request, response, part);
  });
  response.once('close', () => {
    if (!response.writableFinished) out.destroy();
  });
  response.once('finish', () => {
    if (out.writableFinished) return;
    // What is still being sent after the answer is read to its end, so that the sender gets to see the answer.
    request.unpipe(out).resume();
    out.destroy();
  });
  request.pipe(out);
}

/** Of headers as they came, name after value, those not called so. */
function without(raw: string[], names: Set<string>): string[] {
  return raw.filter((_text, at) => !names.has((raw[at - (at % 2)] ?? '').toLowerCase()));
}

/** What the door itself says of a request, whatever the sender claims. */
function introduction(request: IncomingMessage): Record<string, string> {
  const host = request.headers.host ?? '';
  return {
    host,
    'x-forwarded-host': host,
    'x-forwarded-for': request.socket.remoteAddress ?? '',
    'x-forwarded-proto': 'http',
  };
}

function introduce(request: IncomingMessage): void {
  for (const name of FORWARDING_HEADERS) delete request.headers[name];
  Object.assign(request.headers, introduction(request));
}

function refuse(request: IncomingMessage, response: ServerResponse, part: Part | null): void {
  request.resume();
  if (part && part.name !== 'web') {
    answerProblem(response, new MalloError('server.unavailable', { part: part.name }));
    return;
  }
  const page = request.method === 'HEAD' ? '' : STARTING_PAGE;
  response
    .writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '1' })
    .end(page);
}

function answerProblem(response: ServerResponse, error: MalloError): void {
  const traceId = randomBytes(6).toString('hex');
  const body: ErrorBody = { error: { ...error.toProblem(), traceId } };
  response
    .writeHead(error.status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-trace-id': traceId,
    })
    .end(JSON.stringify(body));
}

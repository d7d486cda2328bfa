// The least that could be between a program and its viewers: what is posted goes to every socket of its run, as it is.
// Nothing is checked or put in order, and nothing stored, but where it is told to: with `disk` a body is first on the disk,
// in a plain file, as the least that "acknowledged means on the disk" takes. While one flush is under way others wait,
// and share the next.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const { WebSocketServer } = createRequire(new URL('../../../apps/telemetry/package.json', import.meta.url))('ws');

const file = process.argv[2] === 'disk' ? await openJournal() : null;
const waiting = [];
let isFlushing = false;

/** A file without a name any more: it is gone when the relay is killed. */
async function openJournal() {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-benchmark-relay-'));
  const opened = await open(join(folder, 'journal'), 'w');
  await rm(folder, { recursive: true });
  return opened;
}

/** Calls `done` once the text is where it has to be. */
function keep(text, done) {
  if (!file) return done();
  waiting.push({ text, done });
  if (!isFlushing) void flush();
}

async function flush() {
  isFlushing = true;
  while (waiting.length > 0) {
    const group = waiting.splice(0);
    await file.write(group.map(({ text }) => text).join('\n'));
    await file.datasync();
    for (const { done } of group) done();
  }
  isFlushing = false;
}

const rooms = new Map();
const http = createServer((request, answer) => {
  const room = rooms.get(request.url.slice(1)) ?? new Set();
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const text = Buffer.concat(parts).toString();
    keep(text, () => {
      for (const socket of room) socket.send(text);
      answer.writeHead(204).end();
    });
  });
});
const server = new WebSocketServer({ server: http });
server.on('connection', (socket, { url }) => {
  const run = url.slice(1);
  if (!rooms.has(run)) rooms.set(run, new Set());
  rooms.get(run).add(socket);
  socket.on('close', () => rooms.get(run).delete(socket));
});
http.listen(0, '127.0.0.1', () => process.send({ port: http.address().port }));

/** For the floor: one point a frame to every socket, as fast as the slowest of them takes it. */
process.on('message', async ({ floodMs }) => {
  const sockets = [...rooms.values()].flatMap((room) => [...room]);
  const until = Date.now() + floodMs;
  const frame = JSON.stringify({ key: 'loss', step: 1, timeMs: 1_700_000_000_000, value: 0.123456789 });
  while (Date.now() < until) {
    for (const socket of sockets) if (socket.bufferedAmount < 65_536) socket.send(frame);
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.send({ flooded: true });
});
process.on('disconnect', () => process.exit());

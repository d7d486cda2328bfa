// Many sockets in one process. Of a relay's frames and of Mallo's it reads what a page would, and tells how late each
// point came, or counts them.
import { createRequire } from 'node:module';
import process from 'node:process';

const { WebSocket } = createRequire(new URL('../../../apps/telemetry/package.json', import.meta.url))('ws');

/** @type {Float64Array} */
let lateMs = new Float64Array(1 << 22);
let points = 0;
let frames = 0;
let bytes = 0;
let gaps = 0;
let measuring = false;
const sockets = [];

const nowMs = () => performance.timeOrigin + performance.now();
const late = (sentMs, atMs) => {
  if (measuring && points < lateMs.length) lateMs[points] = atMs - sentMs;
  points += 1;
};

/** One point a message, as it was posted. */
function watchRelay({ port, run, timed }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${run}`, { perMessageDeflate: false });
  socket.on('message', (data) => {
    frames += 1;
    bytes += data.length;
    if (timed) late(JSON.parse(data.toString()).events[0].value, nowMs());
    else points += 1;
  });
  return new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)).then(() => socket);
}

/** Mallo's stream without the library of its clients, which would cost the process of all viewers as much as the server. */
function watchMallo({ port, run, token, timed, checked }) {
  const address = `ws://127.0.0.1:${port}/live/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  let place = 0;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const text = data.toString('latin1');
      if (text === '2') return socket.send('3');
      if (text[0] === '0') return socket.send(`40${JSON.stringify({ token })}`);
      if (text.startsWith('40')) return socket.send(`420["join",${JSON.stringify({ runId: run, after: 0 })}]`);
      if (text.startsWith('430')) return text.includes('"ok":true') ? resolve(socket) : reject(new Error(text));
      if (!text.startsWith('42["events"')) return;
      frames += 1;
      bytes += data.length;
      if (timed || checked) {
        const { events } = JSON.parse(text.slice(2))[1];
        const atMs = nowMs();
        for (const { seq, event } of events) {
          if (seq !== place + 1) gaps += 1;
          place = seq;
          if (timed) late(event.value, atMs);
          else points += 1;
        }
        return;
      }
      // The events of a frame are consecutive, which those that are `checked` make sure of.
      const from = text.indexOf('"seq":') + 6;
      const to = text.lastIndexOf('"seq":') + 6;
      const first = Number.parseInt(text.slice(from, from + 16), 10);
      const last = Number.parseInt(text.slice(to, to + 16), 10);
      if (first !== place + 1) gaps += 1;
      place = last;
      points += last - first + 1;
    });
  });
}

const commands = {
  async watch({ kind, viewers }) {
    // Some at a time: how many can come at once is another question.
    for (let from = 0; from < viewers.length; from += 50) {
      const some = viewers.slice(from, from + 50);
      sockets.push(...(await Promise.all(some.map(kind === 'relay' ? watchRelay : watchMallo))));
    }
  },
  begin() {
    points = frames = bytes = gaps = 0;
    measuring = true;
    return { atMs: nowMs(), cpu: process.cpuUsage() };
  },
  end({ atMs, cpu }) {
    measuring = false;
    const seconds = (nowMs() - atMs) / 1000;
    const sorted = lateMs.slice(0, Math.min(points, lateMs.length)).sort();
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    const { user, system } = process.cpuUsage(cpu);
    const busy = (user + system) / 1e6 / seconds;
    return { seconds, points, frames, bytes, gaps, busy, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
  },
  leave() {
    for (const socket of sockets.splice(0)) socket.terminate();
    lateMs = new Float64Array(1 << 22);
  },
};

process.on('message', async ({ command, ...rest }) => {
  const answer = await Promise.resolve(commands[command](rest)).then(
    (value) => ({ value }),
    (error) => ({ error: String(error) }),
  );
  process.send(answer);
});
process.on('disconnect', () => process.exit());

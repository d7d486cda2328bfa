// What the programs of runs do: post points, at a pace or as fast as they are taken. A point's value is the time at
// which it was due, so that waiting for the one before counts as lateness, too.
import { Agent, request } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const nowMs = () => performance.timeOrigin + performance.now();
/** Where each run's writer stands. */
const positions = new Map();

function post(kind, port, run, values) {
  const from = positions.get(run.id) ?? 0;
  const to = from + values.length;
  const events = values.map((value, index) => ({
    type: 'metric',
    key: 'loss',
    step: from + index,
    timeMs: Math.round(nowMs()),
    value,
  }));
  const body = JSON.stringify({ writer: 'stdout', from, to, events });
  const path = kind === 'relay' ? `/${run.id}` : `/live/v1/runs/${run.id}/events`;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${run.token}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode >= 300) return reject(new Error(`${path}: ${answer.statusCode}`));
        positions.set(run.id, to);
        resolve();
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const commands = {
  /** Each run one point `perSecond` times a second, the runs spread over that time. */
  async pace({ kind, port, runs, perSecond, seconds }) {
    const everyMs = 1000 / (perSecond * runs.length);
    const chains = runs.map(() => Promise.resolve());
    const begunMs = nowMs();
    const total = Math.round(perSecond * runs.length * seconds);
    for (let next = 0; next < total; ) {
      for (; next < total && begunMs + next * everyMs <= nowMs(); next += 1) {
        const at = next % runs.length;
        const dueMs = begunMs + next * everyMs;
        chains[at] = chains[at].then(() => post(kind, port, runs[at], [dueMs]));
      }
      await delay(1);
    }
    await Promise.all(chains);
    return total;
  },
  /** Each run batches of `size` points, the next when one is acknowledged. */
  async flood({ kind, port, runs, size, seconds }) {
    const untilMs = nowMs() + seconds * 1000;
    const values = Array.from({ length: size }, (_, index) => index / 7);
    let total = 0;
    await Promise.all(
      runs.map(async (run) => {
        while (nowMs() < untilMs) {
          await post(kind, port, run, values);
          total += size;
        }
      }),
    );
    return total;
  },
};

process.on('message', async ({ command, ...rest }) => {
  const answer = await commands[command](rest).then(
    (value) => ({ value }),
    (error) => ({ error: String(error) }),
  );
  process.send(answer);
});
process.on('disconnect', () => process.exit());

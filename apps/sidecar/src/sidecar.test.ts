import { once } from 'node:events';
import { appendFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type {} from '@mallo/backend/testing/global-setup';
import { startTestNetwork } from '@mallo/backend/testing/network';
import { type LiveEvent, liveRoutes, type MetricValue, trackingRoutes } from '@mallo/contracts';
import { afterEach, beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { ingest, newerTelemetry } from './testing/newer-telemetry.js';
import {
  artifactServer,
  eventsOf,
  makeRun,
  type RunUnderTest,
  type Service,
  sha256OfFile,
  telemetryService,
} from './testing/run.js';

let telemetry: Service;
let api: Awaited<ReturnType<typeof artifactServer>>;
let run: RunUnderTest;
let sidecars: Service[];

beforeEach(async () => {
  telemetry = telemetryService(inject('databaseUrl'));
  api = await artifactServer();
  run = await makeRun();
  sidecars = [];
});
afterEach(async () => {
  for (const sidecar of sidecars) await sidecar.end('SIGKILL');
  await telemetry.end('SIGKILL');
  await api.close();
  await run.remove();
});

function newSidecar(): Service {
  const sidecar = run.sidecar();
  sidecars.push(sidecar);
  return sidecar;
}

const file = (...names: string[]) => join(run.path, ...names);

async function place(name: string, content: string): Promise<void> {
  await writeFile(file('.placing'), content);
  await rename(file('.placing'), file(name));
}

async function storedEvents(): Promise<LiveEvent[]> {
  return eventsOf(await run.owner(), run.runId);
}

/** [step, value] of each curve whose name matches. */
async function storedCurves(name: RegExp): Promise<Record<string, [number, MetricValue][]>> {
  const request = { params: { runId: run.runId }, query: { maxPoints: 10_000 } };
  const { curves } = await (await run.owner()).call(liveRoutes.snapshot, request);
  const wanted = curves.filter(({ key }) => name.test(key));
  return Object.fromEntries(wanted.map(({ key, points }) => [key, points.map(([step, value]) => [step, value])]));
}

async function storedLines(stream: 'stdout' | 'stderr'): Promise<string[]> {
  return (await storedEvents()).flatMap((event) =>
    event.type === 'log' && event.stream === stream ? [event.line] : [],
  );
}

/** The whole log; single events of a run that was quiet for long are not kept. */
async function loggedLines(): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const query = { from: lines.length + 1, limit: 1000 };
    const page = await (await run.owner()).call(trackingRoutes.logs, { params: { runId: run.runId }, query });
    lines.push(...page.lines.map(({ line }) => line));
    if (lines.length >= page.total) return lines;
  }
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await wait(20);
}

/** `MALLO_CUT_SECONDS=600` takes ten minutes. */
const CUT_SECONDS = Number(process.env.MALLO_CUT_SECONDS ?? 10);
const EPOCHS = 6;
const BATCHES = 100;

function trainingLog(): string {
  const lines = [`start model=resnet18 classes=10 device=cpu epochs=${EPOCHS} batches_per_epoch=${BATCHES}`];
  for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
    for (let batch = 1; batch <= BATCHES; batch += 1) {
      const step = (epoch - 1) * BATCHES + batch;
      lines.push(
        `batch epoch=${epoch} batch=${batch} batches=${BATCHES} step=${step} loss=${Math.random()} learning_rate=${Math.random()} images_per_second=1.5`,
      );
      if (Math.random() < 0.2) lines.push(`가나다 "${step}" ${'~'.repeat(Math.random() * 300)}`);
    }
    lines.push(
      `epoch epoch=${epoch} epochs=${EPOCHS} train_loss=${Math.random()} val_loss=${Math.random()} val_accuracy=${Math.random()}`,
    );
    lines.push(`checkpoint epoch=${epoch} path=last.pth`);
  }
  return `${lines.join('\n')}\nresult val_accuracy=0.9 unfinished`;
}

test('killed again and again, with telemetry killed and moved too, it delivers each line and file once', async () => {
  const [out, errors] = [trainingLog(), Array.from({ length: 300 }, (_, n) => `stderr ${n}\n`).join('')];
  await run.connect(await telemetry.start(), api.url);
  const pieces = (text: string) => {
    const bytes = Buffer.from(text);
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + Math.floor(Math.random() * 1500);
      parts.push(bytes.subarray(at, at + length));
      at += length;
    }
    return parts;
  };
  const write = async (name: string, parts: Buffer[]) => {
    for (const part of parts) {
      await appendFile(file(name), part);
      await wait(Math.random() * 60);
    }
  };
  let writing = true;
  onTestFinished(() => {
    writing = false;
  });
  const trainer = Promise.all([
    write('stdout.log', pieces(out)),
    write('stderr.log', pieces(errors)),
    (async () => {
      for (let n = 1; writing; n += 1) {
        await place('output/last.pth', `checkpoint ${n} `.repeat(50_000));
        await wait(200);
      }
    })(),
  ]);
  const killing = (async () => {
    let kills = 0;
    // A slow machine may have written everything before the fifth.
    while (writing || kills < 5) {
      const sidecar = newSidecar();
      sidecar.launch();
      await wait(200 + Math.random() * 700);
      await sidecar.end('SIGKILL');
      kills += 1;
      if (kills % 3 === 0) {
        await telemetry.end('SIGKILL');
        await run.connect(await telemetry.start(), api.url);
      }
    }
  })();
  const grown = async (name: string, text: string) => (await stat(file(name))).size >= Buffer.byteLength(text);
  await until(async () => (await grown('stdout.log', out)) && (await grown('stderr.log', errors)));
  writing = false;
  await trainer;
  await killing;
  await writeFile(file('output', 'model.onnx'), 'onnx'.repeat(100_000));
  await place('trainer.done', '1');
  const [code] = await once(newSidecar().launch(), 'exit');
  expect(code).toBe(0);
  expect(JSON.parse(await readFile(file('sidecar.done'), 'utf8'))).toEqual({ refused: [] });

  expect((await storedLines('stdout')).join('\n')).toBe(out);
  expect((await storedLines('stderr')).map((line) => `${line}\n`).join('')).toBe(errors);
  const progress = (await storedEvents()).filter((event) => event.type === 'progress');
  expect(progress.map(({ step, epochs }) => [step, epochs])).toEqual(
    Array.from({ length: EPOCHS * BATCHES }, (_, index) => [index + 1, EPOCHS]),
  );
  const curves = await storedCurves(/^(?!system\/)/);
  expect(Object.fromEntries(Object.entries(curves).map(([key, points]) => [key, points.length]))).toEqual({
    images_per_second: 600,
    learning_rate: 600,
    loss: 600,
    train_loss: EPOCHS,
    val_accuracy: EPOCHS,
    val_loss: EPOCHS,
  });
  for (const name of ['last.pth', 'model.onnx']) {
    expect([name, api.kept.get(name)]).toEqual([name, await sha256OfFile(file('output', name))]);
  }
  expect(api.received.every(({ authorization }) => authorization === `Bearer ${run.token}`)).toBe(true);
});

test('after a success it sends every file but last.pth, none twice, and no hidden or nested one', async () => {
  await run.connect(await telemetry.start(), api.url);
  await writeFile(file('output', 'best.pth'), 'best');
  await writeFile(file('output', 'last.pth'), 'last');
  await appendFile(file('stdout.log'), 'checkpoint epoch=1 path=best.pth\n');
  const sidecar = newSidecar();
  sidecar.launch();
  await until(() => api.kept.size === 2);
  await sidecar.end('SIGKILL');

  for (const name of ['model.onnx', 'metrics.json', '.model.onnx.part', 'with space'])
    await writeFile(file('output', name), name);
  await mkdir(file('output', 'nested'));
  await writeFile(file('output', 'last.pth'), 'later');
  await place('trainer.done', '0');
  expect((await once(newSidecar().launch(), 'exit'))[0]).toBe(0);
  expect(api.received.map(({ name }) => name).toSorted()).toEqual([
    'best.pth',
    'last.pth',
    'metrics.json',
    'model.onnx',
  ]);
});

test('sends the newest state of a checkpoint, and a changed file again', async () => {
  await run.connect(await telemetry.start(), api.url);
  await writeFile(file('output', 'best.pth'), 'first');
  const sidecar = newSidecar();
  sidecar.launch();
  await until(() => api.received.length === 1);
  await place('output/best.pth', 'second');
  await place('output/best.pth', 'third');
  await place('trainer.done', '0');
  await until(() => stat(file('sidecar.done')).then(Boolean, () => false));
  expect(api.received).toHaveLength(2);
  expect(api.kept.get('best.pth')).toBe(await sha256OfFile(file('output', 'best.pth')));
});

test('waits for telemetry that is away without losing a line, and finds it where it is now', async () => {
  await run.connect(await telemetry.start(), api.url);
  await telemetry.end('SIGKILL');
  const sidecar = newSidecar();
  const exited = once(sidecar.launch(), 'exit');
  await appendFile(file('stdout.log'), 'one\ntwo\n');
  await wait(300);
  await run.connect(await telemetry.start(), api.url);
  await appendFile(file('stdout.log'), 'three');
  await place('trainer.done', '0');
  expect((await exited)[0]).toBe(0);
  expect(await storedLines('stdout')).toEqual(['one', 'two', 'three']);
});

test(
  `what a training prints while the network is gone for ${CUT_SECONDS} s is delivered once, and in order, when it is back`,
  async () => {
    const network = await startTestNetwork(await telemetry.start());
    onTestFinished(network.close);
    await run.connect(network.url, api.url);
    const sidecar = newSidecar();
    const exited = once(sidecar.launch(), 'exit');
    let printed = 0;
    const print = async () => {
      await appendFile(file('stdout.log'), `line ${printed}\n`);
      printed += 1;
    };
    await print();
    await until(async () => (await loggedLines()).length === 1);
    network.goAway();
    const goneAt = performance.now();
    while (performance.now() - goneAt < CUT_SECONDS * 1000) {
      await print();
      await wait(100);
    }
    network.comeBack();
    await print();
    await place('trainer.done', '0');
    expect((await exited)[0]).toBe(0);
    expect(await loggedLines()).toEqual(Array.from({ length: printed }, (_, n) => `line ${n}`));
  },
  180_000 + CUT_SECONDS * 2000,
);

test('goes on where telemetry is, whatever a later version calls it that another sidecar was quicker', async () => {
  const url = await telemetry.start();
  await writeFile(file('stdout.log'), 'one\ntwo\nthree\n');
  let isFirst = true;
  const newer = await newerTelemetry(url, async ({ writer }) => {
    if (writer !== 'stdout' || !isFirst) return false;
    isFirst = false;
    const one: LiveEvent = { type: 'log', stream: 'stdout', timeMs: 1, line: 'one' };
    await ingest(url, run, { writer, from: 0, to: 4, events: [one] });
    return false;
  });
  onTestFinished(newer.close);
  await run.connect(newer.url, api.url);
  const exited = once(newSidecar().launch(), 'exit');
  await place('trainer.done', '0');
  expect((await exited)[0]).toBe(0);
  await run.connect(url, api.url);
  expect(await storedLines('stdout')).toEqual(['one', 'two', 'three']);
});

test('ends when telemetry does not take what it says, and the next one delivers it', async () => {
  const url = await telemetry.start();
  await writeFile(file('stdout.log'), 'one\ntwo\n');
  let asked = 0;
  const newer = await newerTelemetry(url, ({ writer }) => {
    asked += Number(writer === 'stdout');
    return writer === 'stdout';
  });
  onTestFinished(newer.close);
  await run.connect(newer.url, api.url);
  const [code] = await once(newSidecar().launch(), 'exit');
  expect([code, asked]).toEqual([1, 1]);
  await expect(stat(file('sidecar.done'))).rejects.toThrow();

  await run.connect(url, api.url);
  await place('trainer.done', '0');
  expect((await once(newSidecar().launch(), 'exit'))[0]).toBe(0);
  expect(await storedLines('stdout')).toEqual(['one', 'two']);
});

test('measures the machine, and its points are those of the file', async () => {
  await run.connect(await telemetry.start(), api.url);
  const sidecar = newSidecar();
  const exited = once(sidecar.launch(), 'exit');
  const lines = () =>
    readFile(file('machine.jsonl'), 'utf8').then(
      (text) => text.trim().split('\n'),
      () => [],
    );
  await until(async () => (await lines()).length >= 2);
  await place('trainer.done', '0');
  await exited;
  const samples = (await lines()).map((line) => JSON.parse(line));
  const curves = await storedCurves(/^system\//);
  expect(curves['system/cpu_percent']).toEqual(samples.map((sample) => [sample.elapsedSeconds, sample.cpuPercent]));
  expect(curves['system/memory_bytes']).toEqual(samples.map((sample) => [sample.elapsedSeconds, sample.memoryBytes]));
  expect(samples[0].memoryBytes).toBeGreaterThan(1e7);
});

test('the newest sidecar of a folder works, the one before it ends', async () => {
  await run.connect(await telemetry.start(), api.url);
  const first = once(newSidecar().launch(), 'exit');
  await until(() => stat(file('sidecar.lock')).then(Boolean, () => false));
  const second = once(newSidecar().launch(), 'exit');
  expect((await first)[0]).toBe(0);
  await appendFile(file('stdout.log'), 'line\n');
  await place('trainer.done', '0');
  expect((await second)[0]).toBe(0);
  expect(await storedLines('stdout')).toEqual(['line']);
});

test('ends at once when told to, while telemetry is away too', async () => {
  await run.connect(await telemetry.start(), api.url);
  await telemetry.end('SIGKILL');
  await appendFile(file('stdout.log'), 'line\n');
  const sidecar = newSidecar();
  sidecar.launch();
  await until(() => stat(file('sidecar.lock')).then(Boolean, () => false));
  const startedMs = Date.now();
  await sidecar.end('SIGTERM');
  expect(Date.now() - startedMs).toBeLessThan(3000);
});

test('ends by itself when its folder is deleted', async () => {
  await run.connect(await telemetry.start(), api.url);
  const exited = once(newSidecar().launch(), 'exit');
  await until(() => stat(file('sidecar.lock')).then(Boolean, () => false));
  await run.remove();
  await exited;
});

import { execFile } from 'node:child_process';
import { appendFile, open, readdir, readFile, stat } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { LiveEvent } from '@mallo/contracts';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { RunFolder } from './run-folder.js';

const run = promisify(execFile);

const FILE = 'machine.jsonl';
const SAMPLE_EVERY_MS = 2000;
/** A long training is sampled less often after its first hour: a day takes 2 MB. */
const FIRST_HOUR_SECONDS = 3600;
const SAMPLE_LATER_EVERY_MS = 10_000;
const FILE_MAX_BYTES = 32 * 1024 * 1024;
const PAGE_BYTES = 4096;

const Sample = z.object({
  timeMs: z.int(),
  /** Since the first sample of the run. */
  elapsedSeconds: z.int(),
  cpuPercent: z.number(),
  memoryBytes: z.number(),
  /** Of the trainer with all its processes; null where it cannot be told. */
  trainerMemoryBytes: z.number().nullable(),
  gpus: z.array(z.object({ percent: z.number(), memoryBytes: z.number() })),
});
type Sample = z.infer<typeof Sample>;

/** Measures the machine while the trainer works, into a file that is delivered like a log. */
export class MachineSampler {
  private cpu = cpuTimes();
  private firstMs: number | null = null;
  private hasGpuTool = true;
  private timer: NodeJS.Timeout | undefined;
  private sampling: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly folder: RunFolder,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.firstMs = await this.begin();
    this.plan();
  }

  /** Resolves when nothing more will be written. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sampling;
  }

  private plan(): void {
    const elapsed = Date.now() - (this.firstMs ?? Date.now());
    const pauseMs = elapsed < FIRST_HOUR_SECONDS * 1000 ? SAMPLE_EVERY_MS : SAMPLE_LATER_EVERY_MS;
    this.timer = setTimeout(() => {
      this.sampling = this.sample().then(
        (isFull) => {
          if (!isFull && !this.stopped) this.plan();
        },
        (error: unknown) => this.log.warn({ err: error }, 'the machine is not measured any more'),
      );
    }, pauseMs);
  }

  /** @returns whether the file has grown to its limit. */
  private async sample(): Promise<boolean> {
    const timeMs = Date.now();
    this.firstMs ??= timeMs;
    const sample: Sample = {
      timeMs,
      elapsedSeconds: Math.round((timeMs - this.firstMs) / 1000),
      cpuPercent: this.cpuPercent(),
      memoryBytes: totalmem() - freemem(),
      trainerMemoryBytes: await this.trainerMemory(),
      gpus: await this.gpus(),
    };
    await appendFile(this.folder.file(FILE), `${JSON.stringify(sample)}\n`);
    return (await stat(this.folder.file(FILE))).size >= FILE_MAX_BYTES;
  }

  /** Completes a line that a sidecar killed while writing left behind. @returns when the first sample was taken. */
  private async begin(): Promise<number | null> {
    await using file = await open(this.folder.file(FILE), 'a+');
    const text = await file.readFile('utf8');
    if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
    return readSample(text.split('\n', 1)[0] ?? '')?.timeMs ?? null;
  }

  /** Share of all processors in use since the last sample. */
  private cpuPercent(): number {
    const before = this.cpu;
    this.cpu = cpuTimes();
    const total = this.cpu.total - before.total;
    return total > 0 ? Math.round((1000 * (this.cpu.busy - before.busy)) / total) / 10 : 0;
  }

  private async gpus(): Promise<Sample['gpus']> {
    if (!this.hasGpuTool) return [];
    const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
    try {
      const { stdout } = await run('nvidia-smi', query, { timeout: 5000 });
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(Number))
        .map(([percent = Number.NaN, mebibytes = Number.NaN]) => ({ percent, memoryBytes: mebibytes * 2 ** 20 }))
        .filter(({ percent, memoryBytes }) => Number.isFinite(percent) && Number.isFinite(memoryBytes));
    } catch {
      this.hasGpuTool = false;
      return [];
    }
  }

  /** Resident memory of the trainer's process group, whose leader the api notes for each attempt. Linux only. */
  private async trainerMemory(): Promise<number | null> {
    const attempts = (await readdir(this.folder.path)).filter((name) => /^attempt-\d+$/.test(name));
    const last = attempts.toSorted((a, b) => Number(a.slice(8)) - Number(b.slice(8))).at(-1);
    if (!last || process.platform !== 'linux') return null;
    const leader = Number(await readFile(this.folder.file(last, 'pid'), 'utf8').catch(() => ''));
    if (!(leader > 0)) return null;
    let pages = 0;
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // proc(5): after the name in brackets come state, ppid, pgrp …; the resident set is the 22nd.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) === leader) pages += Number(fields[21]);
    }
    return pages > 0 ? pages * PAGE_BYTES : null;
  }
}

/** The points of a line of the file, by the seconds since the first sample. */
export function machineEvents(line: string): LiveEvent[] {
  const sample = readSample(line);
  if (!sample) return [];
  const values: Record<string, number | null> = {
    'system/cpu_percent': sample.cpuPercent,
    'system/memory_bytes': sample.memoryBytes,
    'system/trainer_memory_bytes': sample.trainerMemoryBytes,
  };
  for (const [index, gpu] of sample.gpus.entries()) {
    values[`system/gpu${index}_percent`] = gpu.percent;
    values[`system/gpu${index}_memory_bytes`] = gpu.memoryBytes;
  }
  return Object.entries(values).flatMap(([key, value]) =>
    value === null ? [] : [{ type: 'metric', key, step: sample.elapsedSeconds, timeMs: sample.timeMs, value }],
  );
}

function readSample(line: string): Sample | null {
  try {
    return Sample.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function cpuTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

import { hostname } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperatorMetrics } from '@mallo/backend';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { readBatch } from '../points/batch.js';
import { type Outcome, Sender } from './sender.js';
import { type Sample, writeRequest } from './write-request.js';

const EVERY_MS = 5_000;
/** As Prometheus itself sends them. */
const SAMPLES_A_REQUEST = 2_000;
/** Curves that may move between two sends; more are left out of that one. */
const MOST_CURVES = 50_000;
const LAST_CHANCE_MS = 3_000;

type MovedRun = { projectId: string; points: Map<string, number> };

/**
 * Sends where the curves of runs stand, and what operators watch of this process, to a receiver of Prometheus remote
 * write. A curve that moved is sent every few seconds with its last value, at the time of sending: the times of
 * programs may jump, and a receiver takes a series only in order.
 */
export class RemoteWrite implements OnApplicationShutdown {
  private moved = new Map<string, MovedRun>();
  private curveCount = 0;
  private readonly sender: Sender;
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();
  private readonly registry: Registry;
  private readonly count: (outcome: Outcome, samples: number) => void;

  constructor(url: string, metrics: OperatorMetrics, log: Logger) {
    this.registry = metrics.registry;
    const registers = [this.registry];
    const total = new Counter({
      name: 'mallo_telemetry_remote_write_samples_total',
      help: 'Samples of remote write by what became of them: sent, refused by the receiver, dropped as too many waited',
      labelNames: ['outcome'],
      registers,
    });
    // From the beginning: of a series that appears with its first failure Prometheus sees no increase.
    for (const outcome of ['sent', 'refused', 'dropped']) total.inc({ outcome }, 0);
    this.count = (outcome, samples) => total.inc({ outcome }, samples);
    this.sender = new Sender(url, this.count, log);
    const { sender } = this;
    new Gauge({
      name: 'mallo_telemetry_remote_write_waiting_samples',
      help: 'Samples that wait to be sent by remote write',
      registers,
      collect() {
        this.set(sender.waitingSamples);
      },
    });
    this.timer = setInterval(() => {
      this.flushing = this.flushing
        .then(() => this.flush())
        .catch((err: unknown) => log.error({ err }, 'remote write'));
    }, EVERY_MS);
  }

  /** Notes points that were stored. Never waits and never throws. */
  stored({ runId, projectId }: { runId: string; projectId: string }, payload: Buffer): void {
    const run = this.moved.get(runId) ?? { projectId, points: new Map() };
    this.moved.set(runId, run);
    const point = (key: string, _step: number, _timeMs: number, value: number) => {
      if (!run.points.has(key)) {
        if (this.curveCount >= MOST_CURVES) return this.count('dropped', 1);
        this.curveCount += 1;
      }
      run.points.set(key, value);
    };
    readBatch(payload, { point, line: () => {}, other: () => {} });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flushing;
    await this.flush();
    await this.sender.close(LAST_CHANCE_MS);
  }

  private async flush(): Promise<void> {
    const timeMs = Date.now();
    const samples = [...this.takeMoved(), ...(await this.operatorSamples())];
    for (let from = 0; from < samples.length; from += SAMPLES_A_REQUEST) {
      const some = samples.slice(from, from + SAMPLES_A_REQUEST);
      this.sender.put({ body: await writeRequest(some, timeMs), samples: some.length });
      // Many curves must not hold up who stores points.
      await nextTurn();
    }
  }

  private takeMoved(): Sample[] {
    const samples: Sample[] = [];
    for (const [run_id, { projectId, points }] of this.moved) {
      for (const [metric, value] of points) {
        samples.push({ name: 'mallo_run_metric', labels: { metric, run_id, project_id: projectId }, value });
      }
    }
    this.moved = new Map();
    this.curveCount = 0;
    return samples;
  }

  private async operatorSamples(): Promise<Sample[]> {
    const own = { job: 'mallo-telemetry', instance: hostname() };
    const metrics = await this.registry.getMetricsAsJSON();
    return metrics.flatMap(({ name, values }) =>
      values.map((one) => ({
        // Of a histogram each bucket, the sum and the count have names of their own.
        name: ('metricName' in one && typeof one.metricName === 'string' && one.metricName) || name,
        labels: { ...textLabels(one.labels), ...own },
        value: one.value,
      })),
    );
  }
}

function textLabels(labels: Partial<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

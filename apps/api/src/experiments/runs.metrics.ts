import { OperatorMetrics } from '@mallo/backend';
import { RunStatus } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { RunsRepository } from './runs.repository.js';

/** What an operator watches of trainings: how many wait, run, and went wrong. */
@Injectable()
export class RunsMetrics {
  constructor(metrics: OperatorMetrics, runs: RunsRepository) {
    new Gauge({
      name: 'mallo_api_runs',
      help: 'Trainings by their status now',
      labelNames: ['status'],
      registers: [metrics.registry],
      async collect() {
        const counts = await runs.countByStatus();
        for (const status of RunStatus.options) this.set({ status }, counts.get(status) ?? 0);
      },
    });
  }
}

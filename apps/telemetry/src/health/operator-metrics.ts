import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { LiveGateway } from '../live/live.gateway.js';
import { LiveService } from '../live/live.service.js';

/** What an operator watches of this process, for Prometheus. */
@Injectable()
export class OperatorMetrics {
  private readonly registry = new Registry();

  constructor(live: LiveService, gateway: LiveGateway) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    new Counter({
      name: 'mallo_telemetry_events_stored_total',
      help: 'Events of runs stored since the process started',
      registers,
      collect() {
        this.reset();
        this.inc(live.storedEvents);
      },
    });
    new Gauge({
      name: 'mallo_telemetry_watchers',
      help: 'Runs being watched over the live stream, counted once for each watcher',
      registers,
      collect() {
        this.set(gateway.watcherCount);
      },
    });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

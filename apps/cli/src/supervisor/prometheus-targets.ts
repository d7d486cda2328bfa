import { join } from 'node:path';
import { writeFileAtomically } from '../home/write-file.js';
import type { Ports } from './children.js';

/** The services that have `/metrics`. */
const MEASURED = ['api', 'telemetry'] as const;

/**
 * Tells Prometheus (`file_sd_configs`) where the figures of this Mallo's services are: their ports are its own, so no
 * configuration written once could name them. There is nothing secret in it, and Prometheus is another user.
 */
export async function writePrometheusTargets(home: string, ports: Ports): Promise<void> {
  const groups = MEASURED.map((service) => ({
    targets: [`127.0.0.1:${ports[service]}`],
    labels: { job: `mallo-${service}` },
  }));
  await writeFileAtomically(join(home, 'prometheus.json'), `${JSON.stringify(groups, null, 2)}\n`, 0o644);
}

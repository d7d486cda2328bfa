/**
 * Where the addresses lead that MLflow's client prints after a run, such as `/#/experiments/2/runs/ID`: MLflow's pages are
 * behind the `#`, which no server sees. Null for other addresses.
 */
export function pageOfMlflowAddress(hash: string): string | null {
  const [, experiment, run] = /^#\/experiments\/(\w{1,100})(?:\/runs\/(\w{1,100}))?/.exec(hash) ?? [];
  if (run) return `/runs/${run}`;
  return experiment ? `/runs?e=${experiment}` : null;
}

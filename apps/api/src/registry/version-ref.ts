import type { ModelVersionSummary, RegisteredModel } from '@mallo/contracts';

/** Figures that are better the smaller they are. */
const SMALLER_IS_BETTER = /loss|error|mae|mse|rmse|latency|seconds/;

/** The name and the reference of a `mallo://models/…` URI; without a reference the latest is meant. */
export function partsOf(uri: string): { name: string; ref: string } {
  const [, name = '', ref = 'latest'] = /^mallo:\/\/models\/([^@/]+)(?:@|\/)?(.+)?$/.exec(uri) ?? [];
  return { name: decoded(name), ref };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // No escape after all: a model may be named "100%".
    return name;
  }
}

/** The version that a reference means now (`VersionRef` in the contracts says how it is written). */
export function versionMeant(model: RegisteredModel, reference: string): ModelVersionSummary | undefined {
  const { versions, aliases } = model;
  const ref = reference.replace(/^@/, '');
  const counted = /^v(\d+)$/i.exec(ref)?.[1];
  // The newest comes first.
  if (counted) return Number(counted) > 0 ? versions.at(-Number(counted)) : undefined;
  const [kind, metric = 'val_accuracy', direction] = ref.split(':');
  if (!reference.startsWith('@') && kind === 'latest') return versions[0];
  if (!reference.startsWith('@') && kind === 'best') return bestOf(versions, metric, direction);
  return versions.find(({ version }) => version === (aliases[ref] ?? ref));
}

/** Of equals the newest. */
function bestOf(versions: ModelVersionSummary[], metric: string, direction?: string): ModelVersionSummary | undefined {
  const smaller = direction ? direction === 'min' : SMALLER_IS_BETTER.test(metric);
  const measured = versions.filter(({ metrics }) => metrics[metric] !== undefined);
  const values = measured.map(({ metrics }) => metrics[metric] as number);
  const best = smaller ? Math.min(...values) : Math.max(...values);
  return measured.find(({ metrics }) => metrics[metric] === best);
}

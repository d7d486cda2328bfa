import type { ModelRef } from '@mallo/contracts';

export function modelHref({ modelId, version }: Pick<ModelRef, 'modelId' | 'version'>): string {
  return `/models/${modelId}?version=${version}`;
}

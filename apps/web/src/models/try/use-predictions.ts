'use client';

import { inferenceRoutes, type Prediction } from '@mallo/contracts';
import { useQueries } from '@tanstack/react-query';
import { client } from '@/api/client';
import type { TrialImage } from './use-trial-images';

/** What one version says of one image. */
export type Answer = { version: string; prediction: Prediction | null; error: Error | null };

/** Asks a version about an image. */
export function predict(modelId: string, version: string, bytes: Blob, signal?: AbortSignal): Promise<Prediction> {
  return client.upload(inferenceRoutes.predict, { params: { modelId, version } }, bytes, { signal });
}

/** What each version says of an image; all are asked at once. */
export function usePredictions(modelId: string, versions: string[], { url, bytes }: TrialImage): Answer[] {
  return useQueries({
    queries: versions.map((version) => ({
      queryKey: ['trial', modelId, version, url],
      queryFn: ({ signal }: { signal: AbortSignal }) => predict(modelId, version, bytes, signal),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (answers) =>
      answers.map(({ data, error }, index) => ({ version: versions[index] ?? '', prediction: data ?? null, error })),
  });
}

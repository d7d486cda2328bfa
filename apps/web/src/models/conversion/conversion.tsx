'use client';

import { conversionRoutes, type ModelVersion, registryRoutes, type Conversion as State } from '@mallo/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { client } from '@/api/client';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Progress } from '@/ui/progress';
import { Skeleton } from '@/ui/skeleton';
import { isUnderWay } from '../is-under-way';
import { modelHref } from '../model-href';
import { ConversionForm } from './conversion-form';

const LOOK_MS = 1000;
const BEGINNABLE: readonly State['state'][] = ['idle', 'failed', 'cancelled'];
const WEIGHTS: readonly (string | undefined)[] = ['pytorch', 'pytorch_legacy', 'safetensors'];

/** Whether a version has weights that ONNX could be made of, and no ONNX. */
export function canBeConverted({ artifacts }: ModelVersion): boolean {
  const isOnnx = (name: string) => name.toLowerCase().endsWith('.onnx');
  return artifacts.some(({ kind }) => WEIGHTS.includes(kind)) && !artifacts.some(({ name }) => isOnnx(name));
}

/** Makes ONNX of a version's PyTorch weights, as a version of its own; or says why that is not done. */
export function Conversion({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.conversion');
  const queryClient = useQueryClient();
  const { modelId } = version;
  const request = { params: { modelId, version: version.version } };
  const key = routeKey(conversionRoutes.state, request);
  const conversion = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.call(conversionRoutes.state, request, { signal }),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.state) ? LOOK_MS : false),
  });
  const cancel = useCall(conversionRoutes.cancel, { onSuccess: (now) => queryClient.setQueryData(key, now) });
  const made = conversion.data?.made?.version;
  useEffect(() => {
    // The new version is among those that can be chosen at once.
    if (made) void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.get, { params: { modelId } }) });
  }, [made, modelId, queryClient]);
  const state = conversion.data;
  return (
    <Section title={t('title')}>
      <div className="grid grid-cols-1 gap-4 p-4">
        {conversion.isPending && <Skeleton className="h-10" />}
        {conversion.error && <ProblemCard problem={conversion.error} onRetry={() => conversion.refetch()} />}
        {state && isUnderWay(state.state) && (
          <div className="grid gap-2">
            <p role="status">{t(state.state === 'cancelling' ? 'cancelling' : 'running')}</p>
            <Progress label={t('title')} value={state.steps > 0 ? state.step : null} max={state.steps} />
            {cancel.error && <ProblemCard problem={cancel.error} onRetry={() => cancel.mutate(request)} />}
            <Button
              size="sm"
              className="mt-1 justify-self-start"
              busy={cancel.isPending || state.state === 'cancelling'}
              onClick={() => cancel.mutate(request)}
            >
              {t('cancel')}
            </Button>
          </div>
        )}
        {state?.state === 'cancelled' && <p role="status">{t('cancelled')}</p>}
        {state?.state === 'completed' && state.made && (
          <p className="flex items-center gap-2">
            <CircleCheck aria-hidden className="size-4.5 shrink-0 text-ok" />
            {t('done')}
            <Link href={modelHref(state.made)} className="font-medium text-accent underline underline-offset-4">
              {state.made.version}
            </Link>
          </p>
        )}
        {state?.state === 'failed' && <Refusal state={state} />}
        {state && BEGINNABLE.includes(state.state) && (
          <ConversionForm
            version={version}
            isAgain={state.state !== 'idle'}
            onBegun={(begun) => queryClient.setQueryData(key, begun)}
          />
        )}
      </div>
    </Section>
  );
}

/** Why a conversion failed; of a dangerous file, what it would have run. */
function Refusal({ state: { error, wouldRun, missing, unexpected } }: { state: State }) {
  const t = useTranslations('models.conversion');
  if (!error) return null;
  const lists = [
    { title: t('wouldRun'), lines: wouldRun },
    { title: t('missing'), lines: missing },
    { title: t('unexpected'), lines: unexpected },
  ].filter(({ lines }) => lines.length > 0);
  return (
    <ProblemCard problem={error}>
      {lists.map(({ title, lines }) => (
        <div key={title} className="grid basis-full gap-1">
          <p className="font-medium text-sm">{title}</p>
          <ul className="max-h-48 overflow-y-auto rounded-lg bg-surface px-3 py-2 font-mono text-sm">
            {lines.map((line) => (
              <li key={line} className="wrap-anywhere">
                {line}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </ProblemCard>
  );
}

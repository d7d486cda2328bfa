'use client';

import { datasetRoutes, type ModelVersion, registryRoutes } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { useRoute } from '@/api/use-route';
import { useErrorMessage } from '@/errors/use-error-message';

const COUNT = 8;
const SAMPLE_FILE = /^sample-[^/]*\.(png|jpe?g|webp)$/i;

type Sample = { name: string; url: string; load: () => Promise<Response> };
type SamplesProps = { version: ModelVersion; onChoose: (sample: { name: string; bytes: Blob }) => void };

/** Images to begin with: those that came with the version, or small copies of those it was trained on. */
export function Samples({ version, onChoose }: SamplesProps) {
  const t = useTranslations('models.try');
  const messageOf = useErrorMessage();
  const { modelId, version: number } = version;
  const kept = version.artifacts.flatMap(({ name }): Sample[] => {
    if (!SAMPLE_FILE.test(name)) return [];
    const request = { params: { modelId, version: number, name } };
    return [
      {
        name,
        url: client.url(registryRoutes.artifact, request),
        load: () => client.download(registryRoutes.artifact, request),
      },
    ];
  });
  const datasetId = version.config?.dataset.id;
  const images = useRoute(
    datasetRoutes.images,
    kept.length === 0 && datasetId ? { params: { datasetId }, query: { sample: true, limit: COUNT } } : null,
  );
  const trained = (images.data?.images ?? []).map(({ index, path }): Sample => {
    const request = { params: { datasetId: datasetId ?? '', index } };
    return {
      name: path.split('/').at(-1) ?? path,
      url: client.url(datasetRoutes.thumbnail, request),
      load: () => client.download(datasetRoutes.thumbnail, request),
    };
  });
  const samples = kept.length > 0 ? kept.slice(0, COUNT) : trained;
  if (samples.length === 0) return null;

  const choose = async ({ name, load }: Sample) => {
    try {
      onChoose({ name, bytes: await (await load()).blob() });
    } catch (error) {
      if (error instanceof Error) leaveIfSignedOut(error);
      toast.error(messageOf(error));
    }
  };
  return (
    <div className="grid basis-full gap-1.5">
      <p className="text-muted text-xs">{t(kept.length > 0 ? 'samples' : 'samplesOfData')}</p>
      <ul className="flex flex-wrap gap-1.5">
        {samples.map((sample) => (
          <li key={sample.url}>
            <button
              type="button"
              aria-label={t('trySample', { name: sample.name })}
              onClick={() => choose(sample)}
              className="block size-14 overflow-hidden rounded-lg border bg-hover transition-colors hover:border-accent-strong"
            >
              <img src={sample.url} alt="" loading="lazy" className="size-full object-cover" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

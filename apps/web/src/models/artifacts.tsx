'use client';

import { identityRoutes, type ModelVersion, registryRoutes } from '@mallo/contracts';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { useErrorMessage } from '@/errors/use-error-message';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';

/** The files of a version, with the sums by which they can be checked. */
export function Artifacts({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.files');
  const kinds = useTranslations('models.fileKinds');
  const format = useFormat();
  const messageOf = useErrorMessage();

  const download = async (name: string) => {
    try {
      // A download cannot renew an expired session; a call before it can.
      await client.call(identityRoutes.me);
      const params = { modelId: version.modelId, version: version.version, name };
      window.location.assign(client.url(registryRoutes.artifact, { params }));
    } catch (error) {
      if (error instanceof Error) leaveIfSignedOut(error);
      toast.error(messageOf(error));
    }
  };
  return (
    <Section title={t('title')}>
      <ul className="divide-y">
        {version.artifacts.map(({ name, sizeBytes, sha256, kind }) => (
          <li key={name} className="flex items-center gap-3 px-4 py-2.5">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-baseline gap-x-2.5">
                <span className="wrap-anywhere font-medium font-mono text-sm">{name}</span>
                {kind && <Badge tone={kind === 'other' ? 'neutral' : 'accent'}>{kinds(kind)}</Badge>}
                <span className="tabular text-muted text-sm">{format.bytes(sizeBytes)}</span>
              </p>
              <p className="truncate font-mono text-muted text-xs" title={sha256}>
                {t('sha256', { sha256 })}
              </p>
            </div>
            <CopyButton text={sha256} label={t('copy', { name })} />
            <Button size="sm" aria-label={t('downloadOf', { name })} onClick={() => download(name)}>
              <Download aria-hidden />
              <span className="hidden sm:inline">{t('download')}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

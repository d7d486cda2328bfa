'use client';

import type { ModelVersion } from '@mallo/contracts';
import { GitFork } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '@/ui/link';
import { modelHref } from '../model-href';

/** From which version this one was converted or quantized, and what was made of it; nothing where there is neither. */
export function Kin({ version: { modelId, madeFrom, children } }: { version: ModelVersion }) {
  const t = useTranslations('models.versions');
  const lines = [
    { label: t('madeFrom'), versions: madeFrom ? [madeFrom] : [] },
    { label: t('children'), versions: children },
  ].filter(({ versions }) => versions.length > 0);
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-wrap items-center gap-x-6 gap-y-1 text-sm">
      {lines.map(({ label, versions }) => (
        <li key={label} className="flex items-center gap-1.5 text-muted">
          <GitFork aria-hidden className="size-3.5" />
          {label}
          {versions.map((version) => (
            <Link
              key={version}
              href={modelHref({ modelId, version })}
              className="tabular font-medium text-accent underline underline-offset-4"
            >
              {version}
            </Link>
          ))}
        </li>
      ))}
    </ul>
  );
}

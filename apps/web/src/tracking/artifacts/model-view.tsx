'use client';

import type { RunModel } from '@mallo/contracts';
import { Boxes } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { modelHref } from '@/models/model-href';
import { CodeBlock } from '@/ui/code-block';
import { CopyButton } from '@/ui/copy-button';
import { Link } from '@/ui/link';
import { RegisterModel } from './register-model';

type ModelViewProps = { projectId: string; runId: string; model: RunModel };

/** A model that a run logged: the versions that were made of it, and how a program loads it. */
export function ModelView({ projectId, runId, model }: ModelViewProps) {
  const t = useTranslations('runs.artifacts');
  const { name, source, versions } = model;
  const code = `import mlflow\nmodel = mlflow.pyfunc.load_model("${source}")`;
  return (
    <section aria-label={name} className="min-h-0 min-w-0 flex-1 overflow-y-auto">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 sm:px-6">
        <div className="min-w-0 flex-1">
          <h2 className="wrap-anywhere font-medium text-sm">{name}</h2>
          <p className="wrap-anywhere font-mono text-muted text-xs">{source}</p>
        </div>
        <CopyButton text={source} label={t('copyUri')} />
        <RegisterModel projectId={projectId} runId={runId} model={model} />
      </div>
      <div className="grid grid-cols-1 gap-5 px-4 py-4 sm:px-6">
        <div className="grid gap-1.5">
          <h3 className="text-muted text-sm">{t('versions')}</h3>
          {versions.length === 0 ? (
            <p>{t('noVersions')}</p>
          ) : (
            <ul className="flex flex-wrap gap-2">
              {versions.map((ref) => (
                <li key={`${ref.modelId} ${ref.version}`}>
                  <Link
                    href={modelHref(ref)}
                    className="flex items-center gap-1.5 rounded-lg border bg-surface px-2.5 py-1 text-sm hover:bg-hover"
                  >
                    <Boxes aria-hidden className="size-4 text-accent" />
                    {t('version', { name: ref.name, version: ref.version })}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className="grid grid-cols-1 gap-1">
          <CodeBlock
            heading={<h3 className="text-muted text-sm">{t('load')}</h3>}
            code={code}
            label={t('load')}
            copyLabel={t('copyCode')}
          />
        </div>
      </div>
    </section>
  );
}

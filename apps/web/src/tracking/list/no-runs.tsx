'use client';

import { KeyRound, MessageSquarePlus, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';
import { EmptyState } from '@/ui/empty-state';
import { Link } from '@/ui/link';

/** The ways to a first run: a program that logs by itself, or a sentence. */
export function NoRuns({ projectId }: { projectId: string }) {
  const t = useTranslations('runs.empty');
  const shell = [`export MLFLOW_TRACKING_URI=${window.location.origin}`, 'export MLFLOW_TRACKING_TOKEN=…'];
  const python = ['import mlflow', 'with mlflow.start_run():', '    mlflow.log_metric("loss", 0.42, step=1)'];
  return (
    <div className="mx-auto grid w-full max-w-2xl grid-cols-1 gap-4 p-4 sm:p-8">
      <EmptyState icon={Table2} title={t('title')} text={t('text')}>
        <Button variant="primary" asChild>
          <Link href="/settings">
            <KeyRound aria-hidden />
            {t('token')}
          </Link>
        </Button>
        <Button asChild>
          <Link href={`/projects/${projectId}`}>
            <MessageSquarePlus aria-hidden />
            {t('train')}
          </Link>
        </Button>
      </EmptyState>
      <Lines label={t('shell')} lines={shell} />
      <Lines label={t('python')} lines={python} />
    </div>
  );
}

function Lines({ label, lines }: { label: string; lines: string[] }) {
  const t = useTranslations('runs.empty');
  const text = lines.join('\n');
  return (
    <figure className="grid grid-cols-1 overflow-hidden rounded-xl border bg-sunken">
      <figcaption className="flex items-center justify-between border-b py-1 pr-1.5 pl-4 text-muted text-sm">
        {label}
        <CopyButton text={text} label={t('copy')} />
      </figcaption>
      <pre className="overflow-x-auto px-4 py-3 font-mono text-sm">{text}</pre>
    </figure>
  );
}

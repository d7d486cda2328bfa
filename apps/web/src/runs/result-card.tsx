'use client';

import { type MessagePart, runRoutes } from '@mallo/contracts';
import { ArrowRight, Check, ScanSearch } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { useFormat } from '@/format/use-format';
import { modelHref } from '@/models/model-href';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Link } from '@/ui/link';

type ResultCardProps = {
  /** The assistant's sentence, with the figure. */
  text: string;
  result: Extract<MessagePart, { type: 'result' }>;
  onShowRun: (runId: string) => void;
};

/** A training that ended well: how good it is, and what to do with it. */
export function ResultCard({ text, result, onShowRun }: ResultCardProps) {
  const t = useTranslations('run.result');
  const format = useFormat();
  const run = useRoute(runRoutes.get, { params: { runId: result.runId } });
  const href = modelHref(result.model);
  const facts = run.data?.result && [
    { label: t('bestEpoch'), value: format.whole(run.data.result.bestEpoch) },
    { label: t('duration'), value: format.duration(run.data.result.durationSeconds) },
    { label: t('device'), value: run.data.result.device },
  ];
  return (
    <Card role="group" aria-label={text} data-testid="result-card" className="overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 p-5">
        <span className="grid size-10 shrink-0 place-items-center rounded-full bg-ok-soft text-ok">
          <Check aria-hidden className="size-5" />
        </span>
        <div className="min-w-0 flex-1">
          <p className="font-semibold text-xl tracking-tight">{text}</p>
          <p className="text-muted">
            {t('registered')}{' '}
            <Link href={href} className="font-medium text-accent underline underline-offset-4">
              {t('modelVersion', { name: result.model.name, version: result.model.version })}
            </Link>
          </p>
        </div>
      </div>
      {facts && (
        <dl className="grid grid-cols-3 divide-x border-t">
          {facts.map(({ label, value }) => (
            <div key={label} className="grid gap-0.5 px-5 py-3">
              <dt className="text-muted text-xs">{label}</dt>
              <dd className="tabular font-medium">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="flex flex-wrap gap-2 border-t bg-sunken px-5 py-3">
        <Button variant="primary" size="sm" asChild>
          <Link href={`${href}#try`}>
            <ScanSearch aria-hidden />
            {t('try')}
          </Link>
        </Button>
        <Button size="sm" asChild>
          <Link href={`${href}#confusion`}>{t('confusion')}</Link>
        </Button>
        <Button size="sm" variant="ghost" onClick={() => onShowRun(result.runId)}>
          {t('showRun')}
          <ArrowRight aria-hidden />
        </Button>
      </div>
    </Card>
  );
}

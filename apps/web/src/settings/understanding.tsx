'use client';

import { type EngineState, systemRoutes } from '@mallo/contracts';
import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Section } from '@/ui/card';
import { Progress } from '@/ui/progress';
import { Skeleton } from '@/ui/skeleton';

/** What is set in the environment of Mallo, with an example. */
const VARIABLES = [
  { name: 'ANTHROPIC_API_KEY', meaning: 'anthropic' },
  { name: 'OPENAI_API_KEY', meaning: 'openai' },
  { name: 'OPENAI_BASE_URL', meaning: 'baseUrl' },
  { name: 'MALLO_LLM_MODEL', meaning: 'model' },
  { name: 'MALLO_LLM_DAILY_TOKENS', meaning: 'dailyTokens' },
  { name: 'MALLO_LLM_USD_PER_MILLION_TOKENS', meaning: 'prices' },
] as const;
const COMMAND = 'ANTHROPIC_API_KEY=… npm start';

/** Which engine understands messages, what it used today, and how another is turned on. */
export function Understanding() {
  const t = useTranslations('settings.understanding');
  const state = useRoute(systemRoutes.understanding, {});
  return (
    <Section title={t('title')}>
      {state.error && <ProblemCard problem={state.error} onRetry={() => state.refetch()} className="m-4" />}
      {state.isPending && <Skeleton className="m-4 h-24" />}
      {state.data && <Facts state={state.data} />}
      <details className="group border-t">
        <summary className="flex h-11 list-none items-center gap-1.5 px-4 font-medium text-muted text-sm hover:text-fg">
          <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
          {t('how')}
        </summary>
        <div className="grid gap-3 px-4 pb-4">
          <p>{t('howText')}</p>
          <pre className="overflow-x-auto rounded-lg border bg-sunken px-3 py-2 font-mono text-sm">{COMMAND}</pre>
          <dl className="grid gap-2">
            {VARIABLES.map(({ name, meaning }) => (
              <div key={name} className="grid gap-x-4 sm:grid-cols-[20rem_1fr]">
                <dt className="font-mono text-sm">{name}</dt>
                <dd className="text-muted">{t(`variables.${meaning}`)}</dd>
              </div>
            ))}
          </dl>
          <p className="text-muted text-sm">{t('keys')}</p>
        </div>
      </details>
    </Section>
  );
}

function Facts({ state: { engine, model, tokensToday, dailyTokens, costTodayUsd } }: { state: EngineState }) {
  const t = useTranslations('settings.understanding');
  const format = useFormat();
  return (
    <>
      <p className="px-4 pt-3 pb-1 text-muted">{t(`engines.${engine}.text`)}</p>
      <dl className="divide-y">
        <Fact label={t('engine')} value={t(`engines.${engine}.name`)} />
        {engine === 'llm' && (
          <>
            <Fact label={t('model')} value={model ?? '–'} />
            <div className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-2 px-4 py-2.5">
              <dt className="text-muted">{t('tokensToday')}</dt>
              <dd className="tabular text-right font-medium">
                {dailyTokens === null
                  ? format.whole(tokensToday)
                  : t('ofCap', { used: format.whole(tokensToday), cap: format.whole(dailyTokens) })}
              </dd>
              {dailyTokens !== null && (
                <dd className="col-span-2">
                  <Progress label={t('tokensToday')} value={Math.min(tokensToday, dailyTokens)} max={dailyTokens} />
                  {tokensToday >= dailyTokens && <p className="mt-2 text-sm text-warn">{t('spent')}</p>}
                </dd>
              )}
            </div>
            <Fact
              label={t('costToday')}
              value={costTodayUsd === null ? t('noPrice') : format.money(costTodayUsd, 'USD')}
            />
          </>
        )}
      </dl>
    </>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex justify-between gap-4 px-4 py-2.5">
      <dt className="text-muted">{label}</dt>
      <dd className="tabular text-right font-medium">{value}</dd>
    </div>
  );
}

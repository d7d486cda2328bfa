'use client';

import type { AnswerSource } from '@mallo/contracts';
import { ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { modelHref } from '@/models/model-href';
import { type ShowRun, withRun } from '@/runs/run-point';
import { useCurveWords } from '@/runs/use-curve-words';
import { Link } from '@/ui/link';
import { Tooltip } from '@/ui/tooltip';

const LINK =
  'tabular rounded-sm font-medium text-accent underline decoration-accent-line underline-offset-4 hover:decoration-current';

type SourceLinkProps = { source: AnswerSource; onShowRun: ShowRun; children: ReactNode };

/** A figure of an answer, leading to where it comes from. */
export function SourceLink({ source, onShowRun, children }: SourceLinkProps) {
  const describe = useSourceText();
  return (
    <Tooltip content={describe(source)}>
      <SourceAnchor source={source} onShowRun={onShowRun}>
        {children}
      </SourceAnchor>
    </Tooltip>
  );
}

/** What the link leads to, in words. */
function useSourceText(): (source: AnswerSource) => string {
  const t = useTranslations('chat.answer.sources');
  const { nameOf, placeOf } = useCurveWords();
  return (source) => {
    switch (source.kind) {
      case 'run': {
        const { name, key, step } = source;
        if (key === null) return t('run', { name });
        if (step === null) return t('curve', { name, curve: nameOf(key) });
        return t('point', { name, curve: nameOf(key), at: placeOf({ key, step }) });
      }
      case 'model':
        return t('model', { name: source.name, version: source.version });
      case 'dataset':
        return t('dataset', { name: source.name });
      case 'page':
        return t('page', { title: source.title });
    }
  };
}

/** Passes on what the tooltip gives to its trigger. */
function SourceAnchor({ source, onShowRun, children, ...props }: SourceLinkProps & ComponentProps<'a'>) {
  switch (source.kind) {
    case 'run': {
      const { runId, key, step } = source;
      const point = key !== null && step !== null ? { key, step } : undefined;
      const show = (event: MouseEvent) => {
        // A click that asks for another tab or window gets it: the address holds the run and its point.
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onShowRun(runId, point);
      };
      return (
        <a {...props} href={`?${withRun(new URLSearchParams(), runId, point)}`} onClick={show} className={LINK}>
          {children}
        </a>
      );
    }
    case 'model':
      return (
        <Link {...props} href={modelHref(source)} className={LINK}>
          {children}
        </Link>
      );
    case 'dataset':
      return (
        <Link {...props} href={`/datasets/${source.datasetId}`} className={LINK}>
          {children}
        </Link>
      );
    case 'page':
      return (
        <a {...props} href={source.url} target="_blank" rel="noreferrer" className={LINK}>
          {children}
          <ArrowUpRight aria-hidden className="inline size-3.5 align-[-0.15em]" />
        </a>
      );
  }
}

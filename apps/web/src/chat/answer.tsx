'use client';

import type { AnswerSentence, AnswerSource } from '@mallo/contracts';
import { Link2Off } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ShowRun } from '@/runs/run-point';
import { SourceLink } from './source-link';

type AnswerProps = { sentences: readonly AnswerSentence[]; onShowRun: ShowRun };

/** An answer whose every figure leads to where it can be seen; one without any source says so. */
export function Answer({ sentences, onShowRun }: AnswerProps) {
  const t = useTranslations('chat.answer');
  const hasSource = sentences.some(({ links }) => links.length > 0);
  return (
    <>
      <AnswerText sentences={sentences} onShowRun={onShowRun} />
      {!hasSource && (
        <p className="flex items-center gap-1.5 text-muted text-xs">
          <Link2Off aria-hidden className="size-3.5 shrink-0" />
          {t('noSource')}
        </p>
      )}
    </>
  );
}

/** The sentences of an answer, each an element of its own, so that one that is added is read out alone. */
export function AnswerText({ sentences, onShowRun }: AnswerProps) {
  return (
    <p className="whitespace-pre-wrap">
      {sentences.map((sentence, index) => (
        <span key={index}>
          {index > 0 && !sentences[index - 1]?.text.endsWith('\n') && ' '}
          {piecesOf(sentence).map(({ from, text, source }) =>
            source ? (
              <SourceLink key={from} source={source} onShowRun={onShowRun}>
                {text}
              </SourceLink>
            ) : (
              text
            ),
          )}
        </span>
      ))}
    </p>
  );
}

type Piece = { from: number; text: string; source?: AnswerSource };

/** A sentence cut at its links. Of links that overlap the first one stands. */
export function piecesOf({ text, links }: AnswerSentence): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { span, source } of links.toSorted((a, b) => a.span[0] - b.span[0])) {
    const [from, to] = span;
    if (from < at || to <= from || to > text.length) continue;
    if (from > at) pieces.push({ from: at, text: text.slice(at, from) });
    pieces.push({ from, text: text.slice(from, to), source });
    at = to;
  }
  if (at < text.length) pieces.push({ from: at, text: text.slice(at) });
  return pieces;
}

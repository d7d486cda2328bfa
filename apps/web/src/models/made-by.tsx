'use client';

import type { ModelVersion, Transcript } from '@mallo/contracts';
import { Check, Copy, MessageSquareText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { cn } from '@/ui/cn';
import { Link } from '@/ui/link';
import { useCopy } from '@/ui/use-copy';
import { HashChain } from './hash-chain';
import { Replay } from './replay';
import { transcriptMarkdown } from './transcript-markdown';

/** The conversation that made a version: what was said, what became the config, and whether it would again. */
export function MadeBy({ version }: { version: ModelVersion }) {
  const t = useTranslations('models.conversation');
  const { transcript } = version;
  return (
    <Section title={t('title')} aside={transcript && <CopyTranscript version={version} transcript={transcript} />}>
      {transcript ? (
        <>
          <Turns transcript={transcript} />
          <HashChain transcript={transcript} />
          <div className="grid grid-cols-1 gap-3 border-t p-4">
            <Replay transcript={transcript} />
            <Link
              href={`/projects/${version.projectId}/chat/${transcript.conversationId}`}
              className="flex w-fit items-center gap-1.5 text-accent text-sm underline underline-offset-4"
            >
              <MessageSquareText aria-hidden className="size-4" />
              {t('open')}
            </Link>
          </div>
        </>
      ) : (
        <p className="p-4 text-muted">{t('none')}</p>
      )}
    </Section>
  );
}

function CopyTranscript({ version, transcript }: { version: ModelVersion; transcript: Transcript }) {
  const t = useTranslations('models.conversation');
  const common = useTranslations('common');
  const { copied, copy, forget } = useCopy();
  const copyTranscript = () => {
    const words = {
      title: t('markdownTitle', { name: version.modelName, version: version.version }),
      roles: { user: t('you'), assistant: t('assistant') },
      configTurn: t('configTurn'),
      edits: t('edits'),
      understood: t('understood'),
      started: t('started'),
      dataset: t('dataset'),
    };
    return copy(transcriptMarkdown(version, transcript, words));
  };
  return (
    <Button size="sm" onClick={copyTranscript} onBlur={forget}>
      {copied ? <Check aria-hidden className="text-ok" /> : <Copy aria-hidden />}
      <span aria-live="polite">{copied ? common('copied') : t('copy')}</span>
    </Button>
  );
}

function Turns({ transcript: { turns, configTurn } }: { transcript: Transcript }) {
  const t = useTranslations('models.conversation');
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={t('turns')} tabIndex={0} className="max-h-112 overflow-y-auto p-4 -outline-offset-2">
      <ol aria-label={t('turns')} className="grid grid-cols-1 gap-3">
        {turns.map(({ role, text, createdAt }, index) => (
          <li
            key={index}
            className={cn(
              'grid gap-1 rounded-xl border px-3.5 py-2.5',
              role === 'user' ? 'bg-sunken' : 'border-transparent',
              index === configTurn && 'border-accent-line bg-accent-soft',
            )}
          >
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">
              <span className="font-medium text-fg">{t(role === 'user' ? 'you' : 'assistant')}</span>
              <time dateTime={createdAt} className="tabular">
                {format.date(createdAt)}
              </time>
              {index === configTurn && <Badge tone="accent">{t('configTurn')}</Badge>}
            </p>
            <p className="whitespace-pre-wrap">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

'use client';

import type { ConfigCard as Card, Message, MessagePart } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { ConfigCard } from '@/configs/config-card';
import { DatasetActions } from '@/datasets/dataset-actions';
import { ProblemCard } from '@/errors/problem-card';
import { ResultCard } from '@/runs/result-card';
import { RunChip, RunList } from '@/runs/run-chip';
import type { ShowRun } from '@/runs/run-point';
import { BrandMark } from '@/shell/brand';
import { cn } from '@/ui/cn';
import { Answer } from './answer';
import { Confirm } from './confirm';
import { EngineLine } from './engine-line';
import { Questions } from './questions';

export type MessageContext = {
  projectId: string;
  conversationId: string | undefined;
  messages: readonly Message[];
  configs: readonly Card[];
  onSay: (text: string) => void;
  onShowRun: ShowRun;
  onFiles: (files: File[]) => void;
};

const SPEAKING: ReadonlySet<MessagePart['type']> = new Set(['answer', 'result', 'questions', 'problem']);

type MessageViewProps = { message: Message; isLast: boolean; context: MessageContext };

export function MessageView({ message, isLast, context }: MessageViewProps) {
  if (message.role === 'user') return <UserMessage text={message.text} />;
  // These say it all, with the very words.
  const partSpeaks = message.parts.some(({ type }) => SPEAKING.has(type));
  // Whatever is said, who understood it is told last.
  const parts = message.parts.toSorted((a, b) => Number(a.type === 'engine') - Number(b.type === 'engine'));
  return (
    <AssistantMessage>
      {!partSpeaks && message.text && <p className="whitespace-pre-wrap">{message.text}</p>}
      {parts.map((part, index) => (
        <Part key={index} part={part} message={message} isLast={isLast} context={context} />
      ))}
    </AssistantMessage>
  );
}

export function UserMessage({ text, className }: { text: string; className?: string }) {
  const t = useTranslations('chat');
  return (
    <li className={cn('flex justify-end', className)}>
      <div className="max-w-[85%] whitespace-pre-wrap rounded-2xl rounded-br-md bg-hover px-4 py-2.5">
        <span className="sr-only">{t('you')}</span>
        {text}
      </div>
    </li>
  );
}

export function AssistantMessage({ children }: { children: React.ReactNode }) {
  const t = useTranslations('chat');
  return (
    <li className="flex gap-3">
      <BrandMark className="mt-0.5 hidden size-6 shrink-0 sm:block" />
      <div className="grid min-w-0 flex-1 grid-cols-1 gap-3">
        <span className="sr-only">{t('assistant')}</span>
        {children}
      </div>
    </li>
  );
}

type PartProps = { part: MessagePart; message: Message; isLast: boolean; context: MessageContext };

function Part({ part, message, isLast, context }: PartProps) {
  switch (part.type) {
    case 'config': {
      const card = context.configs.find(({ id }) => id === part.configId);
      if (!card) return null;
      const understood = context.messages.find(({ id }) => id === card.messageId)?.text ?? '';
      return (
        <ConfigCard card={card} projectId={context.projectId} message={understood} onShowRun={context.onShowRun} />
      );
    }
    case 'questions':
      return <Questions questions={part.questions} isOpen={isLast} onAnswer={context.onSay} />;
    case 'confirm':
      if (!context.conversationId) return null;
      return (
        <Confirm
          conversationId={context.conversationId}
          messageId={message.id}
          command={part.command}
          isOpen={isLast}
        />
      );
    case 'run':
      return <RunChip runId={part.runId} onShow={context.onShowRun} />;
    case 'runs':
      return <RunList runs={part.runs} onShow={context.onShowRun} />;
    case 'result':
      return <ResultCard text={message.text} result={part} onShowRun={context.onShowRun} />;
    case 'answer':
      return <Answer sentences={part.sentences} onShowRun={context.onShowRun} />;
    case 'engine':
      return <EngineLine part={part} />;
    case 'problem':
      return <ProblemCard problem={part.problem} />;
    case 'actions':
      return <DatasetActions projectId={context.projectId} actions={part.actions} onFiles={context.onFiles} />;
  }
}

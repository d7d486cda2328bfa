'use client';

import type { Question } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { FieldName } from '@/configs/field-value';
import { Button } from '@/ui/button';
import { Input } from '@/ui/field';

type QuestionsProps = {
  questions: readonly Question[];
  /** Whether they are still waiting for their answers. */
  isOpen: boolean;
  onAnswer: (text: string) => void;
};

/** What could not be known, each with answers to choose from. One is answered by a click, several by one message. */
export function Questions({ questions, isOpen, onAnswer }: QuestionsProps) {
  const t = useTranslations('chat');
  const [only] = questions;
  if (only && questions.length === 1) {
    return (
      <fieldset className="grid gap-2">
        <legend className="mb-2">{only.question}</legend>
        <Options options={only.options} disabled={!isOpen} onChoose={onAnswer} />
        {isOpen && <p className="text-muted text-sm">{t('orWrite')}</p>}
      </fieldset>
    );
  }
  return <SeveralQuestions questions={questions} isOpen={isOpen} onAnswer={onAnswer} />;
}

function SeveralQuestions({ questions, isOpen, onAnswer }: QuestionsProps) {
  const t = useTranslations('chat');
  const fieldName = useFieldName();
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const given = questions.flatMap(({ field }) => {
    const answer = answers[field]?.trim();
    return answer ? [{ field, answer }] : [];
  });
  // A bare number does not say what it answers.
  const message = given
    .map(({ field, answer }) => (/^[\d.,e-]+$/i.test(answer) ? `${fieldName(field)} ${answer}` : answer))
    .join(', ');
  const answer = (field: string, text: string) => setAnswers((before) => ({ ...before, [field]: text }));
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (message) onAnswer(message);
      }}
    >
      {questions.map(({ field, question, options }) => (
        <fieldset key={field} className="grid gap-2" disabled={!isOpen}>
          <legend className="mb-2">{question}</legend>
          <Options
            options={options}
            disabled={!isOpen}
            chosen={answers[field] ?? ''}
            onChoose={(option) => answer(field, answers[field] === option ? '' : option)}
          />
          {isOpen && (
            <Input
              className="max-w-sm"
              aria-label={t('ownAnswer', { question })}
              placeholder={t('ownAnswerHint')}
              value={options.includes(answers[field] ?? '') ? '' : (answers[field] ?? '')}
              onChange={(event) => answer(field, event.target.value)}
            />
          )}
        </fieldset>
      ))}
      {isOpen && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button type="submit" variant="primary" disabled={message === ''}>
            {t('sendAnswers', { given: given.length, asked: questions.length })}
          </Button>
          <p className="min-w-0 text-muted text-sm">{message || t('orWrite')}</p>
        </div>
      )}
    </form>
  );
}

type OptionsProps = {
  options: readonly string[];
  disabled: boolean;
  /** Where several questions are answered together: the option chosen so far. */
  chosen?: string;
  onChoose: (option: string) => void;
};

function Options({ options, disabled, chosen, onChoose }: OptionsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      {options.map((option) => (
        <Button
          key={option}
          className="h-auto min-h-9 max-w-full whitespace-normal py-1.5 text-left aria-pressed:border-accent-strong aria-pressed:bg-accent-soft aria-pressed:text-accent"
          disabled={disabled}
          aria-pressed={chosen === undefined ? undefined : option === chosen}
          onClick={() => onChoose(option)}
        >
          {option}
        </Button>
      ))}
    </div>
  );
}

/** What a question's field is called in a sentence, so that it is understood. */
function useFieldName(): (field: string) => string {
  const t = useTranslations('config.fields');
  const chat = useTranslations('chat');
  return (field) => {
    const name = field.split('.').at(-1) ?? field;
    if (name === 'numClasses') return chat('numClasses');
    return t.has(name as FieldName) ? t(name as FieldName) : name;
  };
}

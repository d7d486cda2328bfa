'use client';

import type { Question } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';

type QuestionsProps = {
  questions: readonly Question[];
  /** Whether it is still waiting for its answer. */
  isOpen: boolean;
  onAnswer: (text: string) => void;
};

/** What could not be known, each with answers to choose from. */
export function Questions({ questions, isOpen, onAnswer }: QuestionsProps) {
  const t = useTranslations('chat');
  return (
    <div className="grid gap-4">
      {questions.map(({ field, question, options }) => (
        <fieldset key={field} className="grid gap-2">
          <legend className="mb-2">{question}</legend>
          <div className="flex flex-wrap gap-2">
            {options.map((option) => (
              <Button
                key={option}
                className="h-auto min-h-9 max-w-full whitespace-normal py-1.5 text-left"
                disabled={!isOpen}
                onClick={() => onAnswer(option)}
              >
                {option}
              </Button>
            ))}
          </div>
          {isOpen && <p className="text-muted text-sm">{t('orWrite')}</p>}
        </fieldset>
      ))}
    </div>
  );
}

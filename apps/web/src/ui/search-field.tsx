'use client';

import { LoaderCircle, Search, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { cn } from './cn';
import { CONTROL } from './field';
import { REST_MS } from './use-rested';

type SearchFieldProps = {
  label: string;
  placeholder?: string;
  /** What is looked for now, as the address has it. */
  value: string;
  /** Called when the typed text has rested. */
  onChange: (value: string) => void;
  /** Whether what is shown is still of an earlier text. */
  busy?: boolean;
  maxLength?: number;
  className?: string;
};

/** Looks while one types. What comes from elsewhere, such as Back, takes the place of what was typed. */
export function SearchField(props: SearchFieldProps) {
  const { label, placeholder, value, onChange, busy = false, maxLength = 200, className } = props;
  const t = useTranslations('common');
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  // What was told and has not come back yet; the address may follow late.
  const told = useRef<string[]>([value]);

  useEffect(() => {
    const index = told.current.indexOf(value);
    if (index === -1) setText(value);
    told.current = index === -1 ? [value] : told.current.slice(index);
  }, [value]);

  useEffect(() => {
    if (told.current.at(-1) === text) return;
    const timer = setTimeout(() => {
      told.current.push(text);
      onChange(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);

  return (
    <div className={cn('relative block', className)}>
      {busy ? (
        <LoaderCircle aria-hidden className="absolute top-2.5 left-3 size-4 animate-spin text-muted" />
      ) : (
        <Search aria-hidden className="absolute top-2.5 left-3 size-4 text-muted" />
      )}
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        className={cn(CONTROL, 'pr-9 pl-9 [&::-webkit-search-cancel-button]:hidden')}
      />
      {text && (
        <button
          type="button"
          aria-label={t('clear')}
          onClick={() => {
            setText('');
            input.current?.focus();
          }}
          className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-md text-muted hover:bg-hover hover:text-fg"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  );
}

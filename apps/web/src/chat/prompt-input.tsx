'use client';

import { MESSAGE_MAX_LENGTH } from '@mallo/contracts';
import { ArrowUp, Paperclip, Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { FilePicker } from '@/datasets/drop-zone';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Tooltip } from '@/ui/tooltip';

/** From where on the length is shown. */
const NEARLY_FULL = 0.9;

type PromptInputProps = {
  /** What stands there to begin with, to be sent or changed. */
  draft?: string;
  busy: boolean;
  /** Given while an answer is awaited: nothing is sent then, and this ends the wait. */
  onStop?: () => void;
  /** Answers whether the text was taken; if not, it stays. */
  onSend: (text: string) => Promise<boolean>;
  onFiles: (files: File[]) => void;
};

/** Where one writes. Enter sends, Shift+Enter begins a line. */
export function PromptInput({ draft = '', busy, onStop, onSend, onFiles }: PromptInputProps) {
  const t = useTranslations('chat.prompt');
  const format = useFormat();
  const [text, setText] = useState(draft);
  const input = useRef<HTMLTextAreaElement>(null);
  const isTooLong = text.length > MESSAGE_MAX_LENGTH;
  const canSend = text.trim() !== '' && !isTooLong && !busy && !onStop;

  useEffect(() => {
    input.current?.focus();
    // One goes on writing where a draft ends.
    input.current?.setSelectionRange(-1, -1);
  }, []);

  const send = async () => {
    if (!canSend) return;
    const taken = text;
    setText('');
    if (!(await onSend(taken.trim()))) setText(taken);
  };
  const stop = () => {
    onStop?.();
    // The button goes away under the focus.
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // While a Hangul syllable is being composed, Enter only ends it. Safari says so by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      className="rounded-2xl border border-line-strong bg-surface shadow-low transition-colors focus-within:border-control"
    >
      <textarea
        ref={input}
        value={text}
        rows={1}
        aria-label={t('label')}
        aria-invalid={isTooLong}
        placeholder={t('placeholder')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content block max-h-48 min-h-12 w-full resize-none rounded-2xl bg-transparent px-4 pt-3 pb-1 text-lg outline-none sm:text-base"
      />
      <div className="flex items-center gap-2 p-2">
        <FilePicker accept=".zip,application/zip" label={t('attach')} onFiles={onFiles} multiple>
          {(open) => (
            <Tooltip content={t('attach')}>
              <Button variant="ghost" size="icon" aria-label={t('attach')} onClick={open}>
                <Paperclip aria-hidden />
              </Button>
            </Tooltip>
          )}
        </FilePicker>
        <span className="ml-auto" />
        <p className="hidden text-muted text-xs sm:block">{t('keys')}</p>
        {text.length > NEARLY_FULL * MESSAGE_MAX_LENGTH && (
          <p role="status" className={isTooLong ? 'text-danger text-xs' : 'text-muted text-xs'}>
            {t('length', { length: format.whole(text.length), limit: format.whole(MESSAGE_MAX_LENGTH) })}
          </p>
        )}
        {onStop ? (
          <Tooltip key="stop" content={t('stop')}>
            <Button variant="secondary" size="icon" aria-label={t('stop')} onClick={stop}>
              <Square aria-hidden className="size-3! fill-current" />
            </Button>
          </Tooltip>
        ) : (
          <Button key="send" type="submit" variant="primary" size="icon" aria-label={t('send')} disabled={!canSend}>
            <ArrowUp aria-hidden />
          </Button>
        )}
      </div>
    </form>
  );
}

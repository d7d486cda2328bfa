'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { OutgoingMessage } from './outbox';

/** Tells those who do not see it that an answer has come, where it was not read out while it was written. */
export function Answered({ onTheWay }: { onTheWay: readonly OutgoingMessage[] }) {
  const t = useTranslations('chat');
  const latest = onTheWay.at(-1);
  const before = useRef<OutgoingMessage>(undefined);
  const [isTold, setTold] = useState(false);
  useEffect(() => {
    const silent = before.current;
    if (latest) setTold(false);
    // What failed or was stopped says so itself.
    else if (silent?.sentences.length === 0 && silent.state !== 'failed' && silent.state !== 'stopped') setTold(true);
    before.current = latest;
  }, [latest]);
  return (
    <p role="status" className="sr-only">
      {isTold && t('answered')}
    </p>
  );
}

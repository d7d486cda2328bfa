'use client';

import { conversationRoutes, type MessagePart, registryRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { routeKey, useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { keepExchange } from './conversation-cache';

type ConfirmProps = {
  conversationId: string;
  messageId: string;
  command: Extract<MessagePart, { type: 'confirm' }>['command'];
  /** Whether it is still waiting for its answer. */
  isOpen: boolean;
};

/** A command that ends or changes something, to be confirmed or left alone. */
export function Confirm({ conversationId, messageId, command, isOpen }: ConfirmProps) {
  const t = useTranslations('chat.confirm');
  const queryClient = useQueryClient();
  const [declined, setDeclined] = useState(false);
  const confirm = useCall(conversationRoutes.confirm, {
    onSuccess: (exchange) => {
      keepExchange(queryClient, conversationId, exchange);
      if (command.kind === 'stop') return;
      // Another version is the champion now.
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.list) });
      void queryClient.invalidateQueries({ queryKey: routeKey(registryRoutes.get) });
    },
  });
  if (declined) return <p className="text-muted text-sm">{t('declined')}</p>;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button
          variant={command.kind === 'stop' ? 'danger' : 'primary'}
          busy={confirm.isPending}
          disabled={!isOpen}
          onClick={() => confirm.mutate({ params: { conversationId, messageId } })}
        >
          {t(`yes.${command.kind}`)}
        </Button>
        <Button disabled={!isOpen || confirm.isPending} onClick={() => setDeclined(true)}>
          {t('no')}
        </Button>
      </div>
      {confirm.error && <ProblemCard problem={confirm.error} />}
    </div>
  );
}

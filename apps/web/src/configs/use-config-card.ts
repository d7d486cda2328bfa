import { type ConfigCard, type ConfigEdit, configRoutes, projectRoutes } from '@mallo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { client } from '@/api/client';
import { routeKey } from '@/api/use-route';
import { type ConversationView, conversationKey, keepConfigs } from '@/chat/conversation-cache';

/** Editing and starting a card. */
export function useConfigCard(card: ConfigCard, onStarted: (runId: string) => void) {
  const queryClient = useQueryClient();
  const { id: configId, conversationId } = card;
  const key = conversationKey(conversationId);
  /** Whether the edits so far were taken. */
  const edits = useRef<Promise<boolean>>(Promise.resolve(true));
  /** Edits that were refused: the values on the card are again those it has. */
  const [refusals, setRefusals] = useState(0);
  const [isStarting, setStarting] = useState(false);

  const latest = () =>
    queryClient.getQueryData<ConversationView>(key)?.configs.find(({ id }) => id === configId) ?? card;
  const edit = useMutation({
    mutationFn: (change: ConfigEdit | 'undo') =>
      change === 'undo'
        ? client.call(configRoutes.undo, { params: { configId }, body: { hash: latest().hash } })
        : client.call(configRoutes.edit, { params: { configId }, body: change }),
    // One after another, so that each is made on the one before it.
    scope: { id: `edit ${configId}` },
    onSuccess: (changed) => keepConfigs(queryClient, conversationId, [changed]),
    onError: () => {
      setRefusals((count) => count + 1);
      // Someone else changed or started it: show it as it is now.
      void queryClient.invalidateQueries({ queryKey: key });
    },
  });
  const start = useMutation({
    mutationFn: (hash: string) => client.call(configRoutes.start, { params: { configId }, body: { hash } }),
    onSuccess: async ({ runId }) => {
      await queryClient.invalidateQueries({ queryKey: key });
      void queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
      onStarted(runId);
    },
    onError: () => queryClient.invalidateQueries({ queryKey: key }),
  });

  const change = (body: ConfigEdit | 'undo') => {
    start.reset();
    edits.current = edit.mutateAsync(body).then(
      () => true,
      () => false,
    );
  };
  /** A value typed a moment ago may still be on its way: starts what it makes of the card, not the card before. */
  const startCard = async () => {
    setStarting(true);
    const taken = await edits.current;
    edits.current = Promise.resolve(true);
    const hasStarted = taken && (await start.mutateAsync(latest().hash).catch(() => null)) !== null;
    // Started, the card is drawn without the button a moment later; until then it takes no second press.
    setStarting(hasStarted);
  };
  return {
    change,
    /** Takes back the last change. */
    undo: () => change('undo'),
    isChanging: edit.isPending,
    refusals,
    startCard,
    isStarting,
    error: edit.error ?? start.error,
  };
}

import { conversationRoutes } from '@mallo/contracts';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { routeKey } from '@/api/use-route';
import { conversationKey, keepExchange } from './conversation-cache';

/** A message that was said and not answered yet. */
export type OutgoingMessage = {
  clientId: string;
  conversationId: string;
  text: string;
  error: Error | null;
};

const useOutbox = create<{ messages: OutgoingMessage[] }>()(() => ({ messages: [] }));

function keep(message: OutgoingMessage): void {
  useOutbox.setState(({ messages }) => ({
    messages: messages.some(({ clientId }) => clientId === message.clientId)
      ? messages.map((other) => (other.clientId === message.clientId ? message : other))
      : [...messages, message],
  }));
}

/** Not `randomUUID`: browsers keep that from plain-HTTP addresses of a local network. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function deliver(message: OutgoingMessage, queryClient: QueryClient): Promise<void> {
  const { clientId, conversationId, text } = message;
  keep({ ...message, error: null });
  try {
    const exchange = await client.call(conversationRoutes.send, {
      params: { conversationId },
      body: { text, clientId },
    });
    keepExchange(queryClient, conversationId, exchange);
    useOutbox.setState(({ messages }) => ({ messages: messages.filter((other) => other.clientId !== clientId) }));
    // The first message gives the conversation its title.
    void queryClient.invalidateQueries({ queryKey: conversationKey(conversationId) });
    void queryClient.invalidateQueries({ queryKey: routeKey(conversationRoutes.list) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    leaveIfSignedOut(error);
    keep({ ...message, error });
  }
}

/** Messages of a conversation on their way. They keep their `clientId`, so a repeat says nothing twice. */
export function useMessagesOnTheWay(conversationId: string | undefined): OutgoingMessage[] {
  const messages = useOutbox((outbox) => outbox.messages);
  return messages.filter((message) => message.conversationId === conversationId);
}

export function useSend() {
  const queryClient = useQueryClient();
  return {
    send: (conversationId: string, text: string) =>
      deliver({ clientId: newClientId(), conversationId, text, error: null }, queryClient),
    sendAgain: (message: OutgoingMessage) => deliver(message, queryClient),
  };
}

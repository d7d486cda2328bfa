import { type ConfigCard, conversationRoutes, type RouteOutput } from '@mallo/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { routeKey } from '@/api/use-route';

export type ConversationView = RouteOutput<typeof conversationRoutes.get>;

export function conversationKey(conversationId: string): unknown[] {
  return routeKey(conversationRoutes.get, { params: { conversationId } });
}

function merged<T extends { id: string }>(known: readonly T[], fresh: readonly T[]): T[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of fresh) byId.set(one.id, one);
  return [...byId.values()];
}

/** Puts what the server answered into the conversation as it is shown. */
export function keepExchange(
  queryClient: QueryClient,
  conversationId: string,
  { messages, configs }: Pick<ConversationView, 'messages' | 'configs'>,
): void {
  queryClient.setQueryData<ConversationView>(
    conversationKey(conversationId),
    (view) => view && { ...view, messages: merged(view.messages, messages), configs: merged(view.configs, configs) },
  );
}

export function keepConfigs(queryClient: QueryClient, conversationId: string, configs: ConfigCard[]): void {
  keepExchange(queryClient, conversationId, { messages: [], configs });
}

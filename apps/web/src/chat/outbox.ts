import { ApiError, UnreachableError } from '@mallo/client';
import { type AnswerSentence, type ChatLine, conversationRoutes, type Message, type Problem } from '@mallo/contracts';
import { notifyManager, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { randomKey } from '@/api/random-key';
import { routeKey } from '@/api/use-route';
import { type ConversationView, conversationKey, keepExchange } from './conversation-cache';

/** A message that was said, and its answer as far as it has come. */
export type OutgoingMessage = {
  clientId: string;
  conversationId: string;
  text: string;
  /** How many messages the conversation had before it. */
  before: number;
  /** `reconnecting`: the answer broke off and is fetched; `stopped`: the person waits for it no longer. */
  state: 'answering' | 'reconnecting' | 'stopped' | 'failed';
  sentences: AnswerSentence[];
  error: Error | Problem | null;
};

type Exchange = Pick<ConversationView, 'messages' | 'configs'>;

/** How long it waits before it asks again for an answer that broke off. */
const RECONNECT_AFTER_MS = [200, 1000, 2000, 4000, 8000];

const useOutbox = create<{ messages: OutgoingMessage[] }>()(() => ({ messages: [] }));
/** What ends the wait for an answer, by `clientId`. */
const stops = new Map<string, AbortController>();

function keep(message: OutgoingMessage): void {
  useOutbox.setState(({ messages }) => ({
    messages: messages.some(({ clientId }) => clientId === message.clientId)
      ? messages.map((other) => (other.clientId === message.clientId ? message : other))
      : [...messages, message],
  }));
}

function change(clientId: string, to: (message: OutgoingMessage) => Partial<OutgoingMessage>): void {
  useOutbox.setState(({ messages }) => ({
    messages: messages.map((message) => (message.clientId === clientId ? { ...message, ...to(message) } : message)),
  }));
}

/** A problem that the answer ended with. */
class AnswerProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message.en);
  }
}

/** Whether the answer was lost on the way, so that asking again for it may help. */
function isLost(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.status >= 502 && error.status <= 504);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

async function readAnswer({ clientId, conversationId, text }: OutgoingMessage, signal: AbortSignal): Promise<Exchange> {
  let exchange: Exchange | undefined;
  const onLine = (json: unknown) => {
    // The server holds every line to its contract, as it does every answer.
    const line = json as ChatLine;
    if (line.type === 'sentence') change(clientId, ({ sentences }) => ({ sentences: [...sentences, line.sentence] }));
    if (line.type === 'problem') throw new AnswerProblem(line.problem);
    if (line.type === 'done') exchange = line;
  };
  await client.lines(conversationRoutes.stream, { params: { conversationId }, body: { text, clientId } }, onLine, {
    signal,
  });
  // An answer ends with a line that says so; without it, it was cut between two lines.
  if (!exchange) throw new UnreachableError();
  return exchange;
}

/** The answer as it is written; where that breaks off, the same message is sent again, which says nothing twice. */
async function answerOf(message: OutgoingMessage, signal: AbortSignal): Promise<Exchange> {
  const { clientId, conversationId, text } = message;
  let lost: unknown;
  try {
    return await readAnswer(message, signal);
  } catch (error) {
    if (signal.aborted || !isLost(error)) throw error;
    lost = error;
  }
  change(clientId, () => ({ state: 'reconnecting' }));
  for (const waitMs of RECONNECT_AFTER_MS) {
    await pause(waitMs, signal);
    try {
      const request = { params: { conversationId }, body: { text, clientId } };
      return await client.call(conversationRoutes.send, request, { signal });
    } catch (error) {
      if (signal.aborted || !isLost(error)) throw error;
      lost = error;
    }
  }
  throw lost;
}

async function deliver(message: OutgoingMessage, queryClient: QueryClient): Promise<void> {
  const { clientId, conversationId } = message;
  const stop = new AbortController();
  stops.set(clientId, stop);
  keep({ ...message, state: 'answering', sentences: [], error: null });
  try {
    keepExchange(queryClient, conversationId, await answerOf(message, stop.signal));
    // Only once the page was told of the stored messages, so that nothing is gone in between.
    notifyManager.schedule(() => {
      useOutbox.setState(({ messages }) => ({ messages: messages.filter((other) => other.clientId !== clientId) }));
    });
  } catch (error) {
    if (stop.signal.aborted) return change(clientId, () => ({ state: 'stopped' }));
    if (!(error instanceof Error)) throw error;
    leaveIfSignedOut(error);
    change(clientId, () => ({ state: 'failed', error: error instanceof AnswerProblem ? error.problem : error }));
  } finally {
    stops.delete(clientId);
    // The first message gives the conversation its title; and what was said may have been kept though its answer was lost.
    void queryClient.invalidateQueries({ queryKey: conversationKey(conversationId) });
    void queryClient.invalidateQueries({ queryKey: routeKey(conversationRoutes.list) });
  }
}

/** Messages that were said and whose answer the conversation does not show yet. They keep their `clientId`. */
export function useMessagesOnTheWay(conversationId: string | undefined, stored: readonly Message[]): OutgoingMessage[] {
  const messages = useOutbox((outbox) => outbox.messages);
  return messages.filter(
    (message) =>
      message.conversationId === conversationId &&
      // A conversation fetched meanwhile may hold what was said.
      !stored.slice(message.before).some(({ role, text }) => role === 'user' && text === message.text),
  );
}

/** Waits no longer for an answer. It is written to its end all the same, and stays in the conversation. */
export function stopWaiting({ clientId }: OutgoingMessage): void {
  stops.get(clientId)?.abort();
}

export function useSend() {
  const queryClient = useQueryClient();
  return {
    send: (conversationId: string, text: string) => {
      const before = queryClient.getQueryData<ConversationView>(conversationKey(conversationId))?.messages.length ?? 0;
      return deliver(
        { clientId: randomKey(), conversationId, text, before, state: 'answering', sentences: [], error: null },
        queryClient,
      );
    },
    sendAgain: (message: OutgoingMessage) => deliver(message, queryClient),
  };
}

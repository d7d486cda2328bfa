import { type Conversation, conversationRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useCall } from '@/api/use-route';
import { type ConversationView, conversationKey } from './conversation-cache';
import { useSend } from './outbox';

/** Says something in the conversation, or begins one with it. */
export function useSay(projectId: string, conversationId: string | undefined) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const { send, sendAgain } = useSend();
  const begin = useCall(conversationRoutes.create);

  const say = async (text: string): Promise<boolean> => {
    if (conversationId) {
      void send(conversationId, text);
      return true;
    }
    let conversation: Conversation;
    try {
      conversation = await begin.mutateAsync({ params: { projectId } });
    } catch {
      return false; // `begin.error` is shown; the text stays in the input.
    }
    const empty: ConversationView = { ...conversation, messages: [], configs: [] };
    queryClient.setQueryData(conversationKey(conversation.id), empty);
    void send(conversation.id, text);
    router.push(`/projects/${projectId}/chat/${conversation.id}`);
    return true;
  };
  return { say, sendAgain, isBeginning: begin.isPending, error: begin.error };
}

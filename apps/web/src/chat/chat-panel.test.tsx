import { conversationRoutes, datasetRoutes, type Message } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { useRoute } from '@/api/use-route';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { ChatPanel } from './chat-panel';

const pushed: string[] = [];
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: (href: string) => pushed.push(href) }) }));

const AT = '2026-01-02T03:04:05.000Z';
const CONVERSATION = { id: 'cnv_1', projectId: 'prj_1', title: 'cats', createdAt: AT, updatedAt: AT };

let said = 0;
function message(role: Message['role'], text: string, parts: Message['parts'] = []): Message {
  said += 1;
  return { id: `msg_${said}`, role, text, parts, createdAt: AT };
}

/** An api with one conversation that answers whatever is said; as often as told, the answer is lost. */
function serve(messages: Message[], lost = 0) {
  const kept = new Map<string, Message[]>();
  let losses = lost;
  const calls = fakeApi([
    [datasetRoutes.list, () => []],
    [conversationRoutes.list, () => [CONVERSATION]],
    [conversationRoutes.create, () => CONVERSATION],
    [
      conversationRoutes.get,
      () => ({ ...CONVERSATION, messages: [...messages, ...[...kept.values()].flat()], configs: [] }),
    ],
    [
      conversationRoutes.send,
      ({ body }) => {
        const { text, clientId } = conversationRoutes.send.body.parse(body);
        if (!kept.has(clientId)) kept.set(clientId, [message('user', text), message('assistant', `heard: ${text}`)]);
        losses -= 1;
        return losses >= 0 ? new Refusal(503, 'server.unavailable') : { messages: kept.get(clientId), configs: [] };
      },
    ],
  ]);
  const sent = () =>
    calls
      .filter(({ url }) => url.pathname.endsWith('/messages'))
      .map(({ body }) => body as { text: string; clientId: string });
  return { sent };
}

function Chat({ conversationId }: { conversationId?: string }) {
  const conversation = useRoute(conversationRoutes.get, conversationId ? { params: { conversationId } } : null);
  return (
    <ChatPanel
      projectId="prj_1"
      conversationId={conversationId}
      conversation={conversation}
      onShowRun={() => undefined}
    />
  );
}

beforeEach(() => {
  said = 0;
  pushed.length = 0;
});

test('a click on an answer says it, once', async () => {
  const question = { field: 'dataset', question: 'Which dataset?', options: ['cats', 'digits'] };
  const { sent } = serve([
    message('user', 'train'),
    message('assistant', '', [{ type: 'questions', questions: [question] }]),
  ]);
  renderPage(<Chat conversationId="cnv_1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'digits' }));
  await screen.findByText('heard: digits');
  expect(sent().map(({ text }) => text)).toEqual(['digits']);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'cats' }).disabled).toBe(true);
});

test('says a message again under the same name when its answer was lost, and shows it once', async () => {
  const { sent } = serve([], 1);
  renderPage(<Chat conversationId="cnv_1" />);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), 'train resnet18{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await screen.findByText('heard: train resnet18');
  const [first, second] = sent();
  expect(second).toEqual(first);
  expect(screen.getAllByText('train resnet18')).toHaveLength(1);
});

test('begins a conversation with the first message', async () => {
  const { sent } = serve([]);
  renderPage(<Chat />);
  await userEvent.click(await screen.findByRole('button', { name: 'train resnet18 on digits, 3 epochs, batch 64' }));
  await vi.waitFor(() => expect(pushed).toEqual(['/projects/prj_1/chat/cnv_1']));
  expect(sent()).toHaveLength(1);
});

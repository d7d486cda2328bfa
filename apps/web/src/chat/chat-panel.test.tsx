import { conversationRoutes, datasetRoutes, errorMessage, type Message } from '@mallo/contracts';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { useRoute } from '@/api/use-route';
import { fakeApi, LineStream, Refusal, renderPage } from '@/test-page';
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

/** How the answer of the api reaches the page: what it does with the lines, once they are there to be written. */
type Delivery = (stream: LineStream, done: () => object) => void;

const whole: Delivery = (stream, done) => {
  stream.write(done());
  stream.end();
};

/** An api with one conversation that answers whatever is said, and keeps it. */
function serve(messages: Message[], options: { deliver?: Delivery; refusals?: Refusal[] } = {}) {
  const { deliver = whole, refusals = [] } = options;
  const kept = new Map<string, Message[]>();
  const exchange = (body: unknown) => {
    const { text, clientId } = conversationRoutes.send.body.parse(body);
    if (!kept.has(clientId)) kept.set(clientId, [message('user', text), message('assistant', `heard: ${text}`)]);
    return { messages: kept.get(clientId) ?? [], configs: [] };
  };
  const calls = fakeApi([
    [datasetRoutes.list, () => []],
    [conversationRoutes.list, () => [CONVERSATION]],
    [conversationRoutes.create, () => CONVERSATION],
    [
      conversationRoutes.get,
      () => ({ ...CONVERSATION, messages: [...messages, ...[...kept.values()].flat()], configs: [] }),
    ],
    [
      conversationRoutes.stream,
      ({ body, signal }) => {
        const stream = new LineStream();
        deliver(stream, () => ({ type: 'done', ...exchange(body) }));
        return stream.response(signal);
      },
    ],
    [conversationRoutes.send, ({ body }) => refusals.shift() ?? exchange(body)],
  ]);
  const of = (ending: string) =>
    calls.filter(({ url }) => url.pathname.endsWith(ending)).map(({ body }) => body as Record<string, string>);
  return { said: () => of('/messages/stream'), saidAgain: () => of('/messages') };
}

const sentence = (text: string, links: object[] = []) => ({ type: 'sentence', sentence: { text, links } });

async function say(text: string) {
  await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), `${text}{Enter}`);
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
  const { said } = serve([
    message('user', 'train'),
    message('assistant', '', [{ type: 'questions', questions: [question] }]),
  ]);
  renderPage(<Chat conversationId="cnv_1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'digits' }));
  await screen.findByText('heard: digits');
  expect((await screen.findByText('The answer has come.')).getAttribute('role')).toBe('status');
  expect(said().map(({ text }) => text)).toEqual(['digits']);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'cats' }).disabled).toBe(true);
});

test('shows an answer as it is written, and then as it is kept', async () => {
  let writing: LineStream | undefined;
  let finish = () => {};
  serve([], {
    deliver: (stream, done) => {
      writing = stream;
      finish = () => whole(stream, done);
    },
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('why?');
  expect((await screen.findByText('Reading your message…')).getAttribute('role')).toBe('status');
  writing?.write(sentence('The loss is flat.'));
  const first = await screen.findByText('The loss is flat.');
  writing?.write(sentence('Try a lower rate.'));
  await screen.findByText('Try a lower rate.');
  // The element of a sentence stays while others are added, so that only those are read out.
  expect(screen.getByText('The loss is flat.')).toBe(first);
  expect(first.closest('[aria-live=polite]')).not.toBeNull();
  finish();
  const kept = await screen.findByText('heard: why?');
  expect(kept.closest('[aria-live]')).toBeNull();
  await waitFor(() => expect(screen.queryByText('The loss is flat.')).toBeNull());
  // It was read out as it came.
  expect(screen.queryByText('The answer has come.')).toBeNull();
  expect(screen.getAllByText('why?')).toHaveLength(1);
});

test('fetches an answer that broke off under the same name, and shows it once', async () => {
  const { said, saidAgain } = serve([], {
    deliver: (stream) => {
      stream.write(sentence('The loss'));
      stream.breakOff();
    },
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('train resnet18');
  await screen.findByText('heard: train resnet18');
  expect(saidAgain()).toEqual(said());
  expect(screen.getAllByText('train resnet18')).toHaveLength(1);
});

test('an answer that ends without its last line was cut', async () => {
  const { saidAgain } = serve([], { deliver: (stream) => stream.end() });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('hello');
  await screen.findByText('heard: hello');
  expect(saidAgain()).toHaveLength(1);
});

test('says that it reconnects, and goes on trying while the server is away', async () => {
  const { saidAgain } = serve([], {
    deliver: (stream) => stream.breakOff(),
    refusals: [new Refusal(503, 'server.unavailable')],
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('hello');
  await screen.findByText('The connection was lost. Fetching the answer…');
  await screen.findByText('heard: hello');
  expect(saidAgain()).toHaveLength(2);
});

test('an answer that cannot be given says why, and can be asked for again', async () => {
  let isFirst = true;
  const { said } = serve([], {
    deliver: (stream, done) => {
      const problem = { code: 'server.unexpected', message: errorMessage('server.unexpected') };
      if (isFirst) stream.write({ type: 'problem', problem });
      else stream.write(done());
      stream.end();
      isFirst = false;
    },
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('hello');
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await screen.findByText('heard: hello');
  const [first, second] = said();
  expect(second).toEqual(first);
});

test('stops waiting, keeps what was written, and shows the answer when asked', async () => {
  let isFirst = true;
  const { said } = serve([], {
    deliver: (stream, done) => {
      if (!isFirst) return whole(stream, done);
      isFirst = false;
      stream.write(sentence('The loss is flat.'));
    },
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('why?');
  await screen.findByText('The loss is flat.');
  await userEvent.click(screen.getByRole('button', { name: 'Stop waiting' }));
  await screen.findByText(/^Not waiting any longer/);
  expect(screen.getByText('The loss is flat.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Send' })).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }));
  await userEvent.click(screen.getByRole('button', { name: 'Show the answer' }));
  await screen.findByText('heard: why?');
  expect(said()[1]).toEqual(said()[0]);
});

test('a stopped answer that the conversation has meanwhile is not shown twice', async () => {
  serve([], {
    deliver: (stream, done) => {
      stream.write(sentence('The loss is flat.'));
      done();
    },
  });
  renderPage(<Chat conversationId="cnv_1" />);
  await say('why?');
  await userEvent.click(await screen.findByRole('button', { name: 'Stop waiting' }));
  await screen.findByText('heard: why?');
  expect(screen.queryByText(/^Not waiting any longer/)).toBeNull();
  expect(screen.getAllByText('why?')).toHaveLength(1);
});

test('begins a conversation with the first message', async () => {
  const { said } = serve([]);
  renderPage(<Chat />);
  await userEvent.click(await screen.findByRole('button', { name: 'train resnet18 on digits, 3 epochs, batch 64' }));
  await waitFor(() => expect(pushed).toEqual(['/projects/prj_1/chat/cnv_1']));
  expect(said()).toHaveLength(1);
});

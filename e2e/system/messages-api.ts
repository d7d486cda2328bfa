import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the language model does next: fill the form, write sentences from the facts it is given, or turn the question away. */
export type Turn =
  | { form: unknown }
  | { sentences: (facts: { id: string; text: string }[]) => string[] }
  | { status: number };

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test', stop_sequence: null };
const USAGE = { input_tokens: 120, output_tokens: 30 };

/**
 * A server that speaks Anthropic's Messages API (docs.claude.com/en/api/messages), as no paid one can be asked here. It
 * does the turns it is given, one for each request, and remembers what it was asked.
 */
export class MessagesApi {
  readonly turns: Turn[] = [];
  readonly asked: { key: string; body: string }[] = [];
  private readonly server = createServer(async (request, answer) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.asked.push({ key: String(request.headers['x-api-key']), body });
    await this.answer(answer, JSON.parse(body), this.turns.shift() ?? { status: 529 });
  });

  static async start(): Promise<MessagesApi> {
    const api = new MessagesApi();
    api.server.listen(0, '127.0.0.1');
    await once(api.server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(answer: ServerResponse, request: Request, turn: Turn): Promise<void> {
    if ('status' in turn) {
      const error = { type: 'overloaded_error', message: 'Overloaded' };
      answer.writeHead(turn.status, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ type: 'error', error }));
      return;
    }
    if ('form' in turn) {
      const content = [{ type: 'tool_use', id: 'toolu_1', name: request.tools?.[0]?.name, input: turn.form }];
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ ...MESSAGE, content, stop_reason: 'tool_use', usage: USAGE }));
      return;
    }
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (data: { type: string; [key: string]: unknown }) =>
      answer.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
    send({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null, usage: USAGE } });
    send({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    for (const sentence of turn.sentences(factsIn(request))) {
      send({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `${sentence}\n` } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    send({ type: 'content_block_stop', index: 0 });
    send({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: USAGE });
    send({ type: 'message_stop' });
    answer.end();
  }
}

type Request = { tools?: { name: string }[]; messages: { content: string | { text: string }[] }[] };

/** The facts that stand in the question, between its data tags. */
function factsIn({ messages }: Request): { id: string; text: string }[] {
  const content = messages.at(-1)?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => part.text).join('');
  const data = /<data>\n(.*)\n<\/data>/s.exec(text)?.[1] ?? '{}';
  return (JSON.parse(data) as { facts?: { id: string; text: string }[] }).facts ?? [];
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LlmSettings } from '../settings.js';

/** What the providers answer to one question: a filled form, words instead of it, a refusal, a status, or nothing. */
export type Script =
  | { form: unknown }
  | { words: string }
  | { refusal: true }
  | { brokenForm: string }
  | { status: number }
  | { body: string }
  | { silent: true }
  /** Begins an answer and never ends it. */
  | { drip: string };

export type Provider = 'anthropic' | 'openai';
type Asked = { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> };

const NAME = 'message_reading';
const USAGE = { in: 700, out: 60 };
export const TOKENS_PER_ANSWER = USAGE.in + USAGE.out;

/** An answer of Anthropic's Messages API. */
function messagesAnswer(script: Script): unknown {
  const text = (words: string) => [{ type: 'text', text: words }];
  const [content, stop_reason] =
    'form' in script
      ? [[{ type: 'tool_use', id: 'toolu_1', name: NAME, input: script.form }], 'tool_use']
      : 'brokenForm' in script
        ? [[{ type: 'tool_use', id: 'toolu_1', name: NAME, input: script.brokenForm }], 'max_tokens']
        : 'refusal' in script
          ? [[], 'refusal']
          : [text('words' in script ? script.words : ''), 'end_turn'];
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content,
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: USAGE.in, output_tokens: USAGE.out },
  };
}

/** An answer of OpenAI's Chat Completions API. */
function completionsAnswer(script: Script): unknown {
  const call = (form: string) => ({
    role: 'assistant',
    content: null,
    refusal: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: NAME, arguments: form } }],
  });
  const message =
    'form' in script
      ? call(JSON.stringify(script.form))
      : 'brokenForm' in script
        ? call(script.brokenForm)
        : {
            role: 'assistant',
            content: 'words' in script ? script.words : null,
            refusal: 'refusal' in script ? 'No.' : null,
          };
  return {
    id: 'chatcmpl_1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-test',
    choices: [{ index: 0, message, finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop', logprobs: null }],
    usage: { prompt_tokens: USAGE.in, completion_tokens: USAGE.out, total_tokens: TOKENS_PER_ANSWER },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** A server that speaks both providers' protocols on the wire and answers what it is told to next. */
export async function startProviders() {
  const asked: Asked[] = [];
  let script: Script = { words: '' };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers, body: await bodyOf(request) });
    const isAnthropic = path === '/v1/messages';
    if (!isAnthropic && path !== '/v1/chat/completions') return respond(response, 404, '{}');
    if ('silent' in script) return;
    if ('drip' in script) {
      response.writeHead(200, { 'content-type': 'application/json' }).write(script.drip);
      return;
    }
    if ('status' in script) {
      // Providers repeat the key in what they say of it.
      const key = request.headers['x-api-key'] ?? request.headers.authorization;
      const error = { type: 'api_error', message: `No luck with ${key}` };
      return respond(response, script.status, JSON.stringify({ type: 'error', error }));
    }
    if ('body' in script) return respond(response, 200, script.body);
    respond(response, 200, JSON.stringify(isAnthropic ? messagesAnswer(script) : completionsAnswer(script)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    answers(next: Script) {
      script = next;
    },
    /** Settings that turn on a provider at this server. */
    settings(provider: Provider, key: string, dailyTokens = 1_000_000): LlmSettings {
      const isAnthropic = provider === 'anthropic';
      return {
        ANTHROPIC_API_KEY: isAnthropic ? key : undefined,
        ANTHROPIC_BASE_URL: url,
        OPENAI_API_KEY: isAnthropic ? undefined : key,
        OPENAI_BASE_URL: `${url}/v1`,
        MALLO_LLM_MODEL: undefined,
        MALLO_LLM_DAILY_TOKENS: dailyTokens,
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

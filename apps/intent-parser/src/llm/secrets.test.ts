import { inspect } from 'node:util';
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises';
import type { AnswerLine, AnswerRequest } from '@mallo/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { READ, SPOKEN, startParser } from './parser.fixture.js';
import { type Provider, type Script, startProviders } from './providers.fixture.js';

const KEY = 'sk-secret-7f3a9c';
const QUESTION: AnswerRequest = { question: 'why?', language: 'en', facts: [{ id: 'a', text: 'It reached 0.9.' }] };

let providers: Awaited<ReturnType<typeof startProviders>>;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.stop());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Everything that leaves the process when this is what the provider does: answers, log, and what else is printed. */
async function everythingSaid(provider: Provider, script: Script): Promise<string> {
  const printed: unknown[][] = [];
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const) {
    vi.spyOn(console, name).mockImplementation((...args) => printed.push(args));
  }
  const parser = await startParser(providers.settings(provider, KEY), 300);
  try {
    providers.answers(script);
    const parsed = await parser.parse(SPOKEN, 'auto');
    const refused = await (await parser.ask(SPOKEN, 'llm')).text();
    const lines: AnswerLine[] = [];
    for await (const line of parser.lines(QUESTION)) lines.push(line);
    expect(lines.length).toBeGreaterThan(0);
    expect(parser.logged()).toContain('language model');
    return inspect([parsed, refused, lines, await parser.engine(), parser.logged(), printed], { depth: 20 });
  } finally {
    await parser.close();
  }
}

describe.each(['anthropic', 'openai'] as const)('the key of %s stays here', (provider) => {
  it.each<[string, Script]>([
    ['answers', READ],
    ['repeats it in an error', { status: 401 }],
    ['repeats it while limiting requests', { status: 429 }],
    ['repeats it when it breaks', { status: 500 }],
    ['repeats it in what is no answer', { body: `<html>Bearer ${KEY}</html>` }],
    ['repeats it in an answer that breaks off', { body: `{"error":"${KEY}` }],
    ['repeats it as an answer', { words: `Incorrect API key provided: ${KEY}. [f1]` }],
    ['repeats it in pieces', { pieces: ['Incorrect: sk-sec', 'ret-7f', '3a9c. [f1]'] }],
    [
      'repeats it in the form',
      { form: { kind: 'training', fields: [{ path: 'modelName', value: KEY, quote: 'thing' }] } },
    ],
    ['is silent', { silent: true }],
  ])('when it %s, with the client told to log all', async (_, script) => {
    vi.stubEnv('OPENAI_LOG', 'debug');
    vi.stubEnv('ANTHROPIC_LOG', 'debug');
    const said = await everythingSaid(provider, script);
    expect(said).not.toContain(KEY);
    expect(said).not.toContain('3a9c');
  });

  it('and what the client would print, too', async () => {
    vi.stubEnv('OPENAI_LOG', 'debug');
    vi.stubEnv('ANTHROPIC_LOG', 'debug');
    const log = vi.spyOn(console, 'debug').mockImplementation(() => {});
    await everythingSaid(provider, READ);
    expect(log).not.toHaveBeenCalled();
  });
});

it.each(['LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING_V2', 'LANGSMITH_TRACING', 'LANGCHAIN_TRACING'])(
  'messages go to nobody but the provider, with %s set for other programs',
  async (name) => {
    const tracer = await startProviders();
    vi.stubEnv(name, 'true');
    vi.stubEnv('LANGSMITH_API_KEY', 'ls-key');
    vi.stubEnv('LANGSMITH_ENDPOINT', tracer.url);
    vi.stubEnv('LANGCHAIN_ENDPOINT', tracer.url);
    try {
      await everythingSaid('openai', READ);
      await awaitAllCallbacks();
      expect(tracer.asked).toEqual([]);
    } finally {
      await tracer.stop();
    }
  },
);

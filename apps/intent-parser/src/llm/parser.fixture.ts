import { AnswerLine, type AnswerRequest, EngineState, type ParseContext, ParseResponse } from '@mallo/contracts';
import { pino } from 'pino';
import { bakery } from '../grammar/project.fixture.js';
import { createParser } from '../service.js';
import type { LlmSettings } from '../settings.js';
import { createLanguageModel } from './create-language-model.js';
import type { Script } from './providers.fixture.js';

export const training = (...fields: [path: string, value: unknown, quote: string][]): Script => ({
  form: { kind: 'training', fields: fields.map(([path, value, quote]) => ({ path, value, quote })) },
});
export const command = (name: string): Script => ({ form: { kind: 'command', command: name, fields: [] } });

/** A sentence that the grammar reads little of, and what a language model reads in it. */
export const SPOKEN = 'teach the fifty-layer residual thing my loaves, go over them 12 times';
export const READ = training(
  ['modelName', 'resnet50', 'fifty-layer residual thing'],
  ['dataset', 'bread-types', 'my loaves'],
  ['hyperparameters.epochs', 12, 'go over them 12 times'],
);

type Engine = 'llm' | 'auto' | 'rules';

/** The parser as it is started, listening on a free port, with everything that it logs. */
export async function startParser(settings: LlmSettings, silenceMs?: number) {
  let logged = '';
  const log = pino({ level: 'trace' }, { write: (line: string) => (logged += line) });
  const app = await createParser(log, 'http://127.0.0.1:1', await createLanguageModel(settings, silenceMs));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const ask = (message: string, engine: Engine = 'llm', context: ParseContext = bakery) =>
    post('/v1/parse', { message, engine, context });
  /** The lines of an answer, each as it comes. */
  async function* lines(request: AnswerRequest, signal?: AbortSignal): AsyncGenerator<AnswerLine> {
    const response = await post('/v1/answer', request, signal);
    let open = '';
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      open += piece;
      const whole = open.split('\n');
      open = whole.pop() ?? '';
      for (const line of whole) yield AnswerLine.parse(JSON.parse(line));
    }
  }
  return {
    logged: () => logged,
    ask,
    lines,
    answer: (request: unknown, signal?: AbortSignal) => post('/v1/answer', request, signal),
    async parse(...args: Parameters<typeof ask>): Promise<ParseResponse> {
      return ParseResponse.parse(await (await ask(...args)).json());
    },
    async engine(): Promise<EngineState> {
      return EngineState.parse(await (await fetch(`${url}/v1/engine`)).json());
    },
    close: () => app.close(),
  };
}
export type Parser = Awaited<ReturnType<typeof startParser>>;

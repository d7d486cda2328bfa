import { readdirSync, readFileSync } from 'node:fs';
import type { LlmUsage, ParseContext, ParseResponse, TrainingIntent } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakery } from '../grammar/project.fixture.js';
import { type Parser, startParser } from './parser.fixture.js';
import { type Provider, type Script, startProviders } from './providers.fixture.js';
import { USAGE } from './wire.fixture.js';

// Written by hand after the providers' documented formats, not captured: see the README beside them.
const FOLDER = new URL('conversations/', import.meta.url);

type Usage = 'told' | 'estimated' | 'none';
type Said = {
  says: string;
  model?: Script;
  expect: object;
  asks?: string[];
  words?: Record<string, string>;
  never?: string[];
  usage?: Usage;
};
type Asked = {
  question: string;
  facts: Record<string, string>;
  model: Script;
  lines: (string | [text: string, ...facts: string[]])[];
  usage?: Usage;
  /** Where only one of the two can leave something out. */
  providers?: Provider[];
};
type Conversation = { about: string; silenceMs?: number; turns: (Said | Asked)[] };

let providers: Awaited<ReturnType<typeof startProviders>>;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.stop());

function expectUsage(usage: LlmUsage | undefined, wanted: Usage): void {
  expect(usage === undefined).toBe(wanted === 'none');
  if (!usage) return;
  const isTold = usage.inputTokens === USAGE.in && usage.outputTokens === USAGE.out;
  expect(isTold).toBe(wanted === 'told');
  expect(usage.inputTokens).toBeGreaterThan(200);
  expect(usage.inputTokens).toBeLessThan(2000);
  expect(usage.outputTokens).toBeLessThan(200);
}

/** What a config keeps for the turns after it: what was chosen, not what was filled in. */
function chosen({ intent = {}, origin, status }: ParseResponse): TrainingIntent {
  if (status !== 'complete') return intent;
  const isChosen = (path: string) => !['default', 'dataset'].includes(origin[path]?.kind ?? 'default');
  const { hyperparameters = {}, modelName, modelSource, numClasses: _, classNames: __, ...rest } = intent;
  const values = Object.entries(hyperparameters).filter(([name]) => isChosen(`hyperparameters.${name}`));
  return {
    ...rest,
    ...(isChosen('modelName') && { modelName, modelSource }),
    hyperparameters: Object.fromEntries(values),
  };
}

async function say(parser: Parser, turn: Said, context: ParseContext): Promise<ParseResponse> {
  const asked = providers.asked.length;
  providers.answers(turn.model ?? { status: 500 });
  const answer = await parser.parse(turn.says, 'auto', context);
  expect(answer).toMatchObject(turn.expect);
  expect(answer.note === undefined).toBe(!('note' in turn.expect));
  expect(answer.questions.map(({ field }) => field)).toEqual(turn.asks ?? []);
  for (const [path, words] of Object.entries(turn.words ?? {})) {
    const origin = answer.origin[path];
    expect(origin?.kind === 'message' && turn.says.slice(...origin.span)).toBe(words);
  }
  for (const text of turn.never ?? []) expect(JSON.stringify(answer)).not.toContain(text);
  expectUsage(answer.usage, turn.usage ?? 'told');
  expect(providers.asked.length - asked).toBe(turn.model ? 1 : 0);
  return answer;
}

async function ask(parser: Parser, turn: Asked, language: 'ko' | 'en'): Promise<void> {
  providers.answers(turn.model);
  const facts = Object.entries(turn.facts).map(([id, text]) => ({ id, text }));
  const seen: Asked['lines'] = [];
  for await (const line of parser.lines({ question: turn.question, language, facts })) {
    if (line.type === 'sentence') seen.push([line.text, ...line.facts]);
    else seen.push(line.type === 'done' ? line.type : line.note.code);
    if (line.type === 'done') expectUsage(line.usage, turn.usage ?? 'told');
  }
  expect(seen).toEqual(turn.lines);
}

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s', (name) => {
  const { about, silenceMs, turns }: Conversation = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

  it.each(['anthropic', 'openai'] as const)(`with %s: ${about}`, async (provider) => {
    const parser = await startParser(providers.settings(provider, 'sk-test'), silenceMs);
    try {
      const history: NonNullable<ParseContext['history']> = [];
      let intent: TrainingIntent | undefined;
      for (const turn of turns) {
        if ('question' in turn) {
          if (!turn.providers || turn.providers.includes(provider))
            await ask(parser, turn, name.startsWith('ko') ? 'ko' : 'en');
          continue;
        }
        const answer = await say(parser, turn, {
          ...bakery,
          ...(history.length > 0 && { history: [...history] }),
          ...(intent && { intent }),
        });
        if (answer.intent) intent = chosen(answer);
        const content = answer.questions.map(({ question }) => question).join('\n') || answer.status;
        history.push({ role: 'user', content: turn.says }, { role: 'assistant', content });
      }
    } finally {
      await parser.close();
    }
  });
});

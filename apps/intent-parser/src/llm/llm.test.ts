import { ErrorBody } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { bakery } from '../grammar/project.fixture.js';
import { createLanguageModel } from './create-language-model.js';
import { command, READ, SPOKEN, training } from './parser.fixture.js';
import { type Script, startProviders, TOKENS_PER_ANSWER } from './providers.fixture.js';
import { withProviders } from './with-providers.fixture.js';

const KEY = 'sk-secret-7f3a9c';

const { providers, start } = await withProviders(KEY);

describe.each(['anthropic', 'openai'] as const)('with %s', (provider) => {
  it('reads what the grammar does not, each value with the words it came from', async () => {
    const { parse } = await start(provider);
    providers.answers(READ);
    const answer = await parse(SPOKEN);
    expect(answer).toMatchObject({
      status: 'complete',
      engine: 'llm',
      intent: {
        taskType: 'classification',
        modelName: 'resnet50',
        dataset: { id: 'ds_bread' },
        numClasses: 3,
        hyperparameters: { epochs: 12 },
      },
    });
    expect(answer.note).toBeUndefined();
    const wordsOf = (path: string) => {
      const origin = answer.origin[path];
      return origin?.kind === 'message' ? SPOKEN.slice(...origin.span) : origin?.kind;
    };
    expect(wordsOf('modelName')).toBe('fifty-layer residual thing');
    expect(wordsOf('dataset')).toBe('my loaves');
    expect(wordsOf('hyperparameters.epochs')).toBe('go over them 12 times');
    expect(wordsOf('hyperparameters.batchSize')).toBe('default');
    expect(wordsOf('numClasses')).toBe('dataset');
  });

  it('reads Korean the same way', async () => {
    const { parse } = await start(provider);
    providers.answers(
      training(
        ['modelName', 'mobilenetv3_small_100', '폰에 들어갈 만한 그 모바일 삼번 작은놈'],
        ['dataset', 'bread-types', '가게 진열대 것들'],
        ['hyperparameters.epochs', '12', '열두 번'],
        ['taskType', 'classification', '알아보게'],
      ),
    );
    const message = '가게 진열대 것들 알아보게 폰에 들어갈 만한 그 모바일 삼번 작은놈 좀 가르쳐봐, 열두 번 훑고';
    const answer = await parse(message);
    expect(answer).toMatchObject({
      status: 'complete',
      language: 'ko',
      engine: 'llm',
      intent: { modelName: 'mobilenetv3_small_100', dataset: { id: 'ds_bread' }, hyperparameters: { epochs: 12 } },
    });
    const origin = answer.origin['hyperparameters.epochs'];
    expect(origin?.kind === 'message' && message.slice(...origin.span)).toBe('열두 번');
  });

  it('takes the kind of a GPU as it is said', async () => {
    const { parse } = await start(provider);
    providers.answers(
      training(['dataset', 'bread-types', 'my loaves'], ['resources.gpuType', 'RTX 4090', 'that rtx4090 of ours']),
    );
    const answer = await parse('teach the residual thing my loaves on that rtx4090 of ours');
    expect(answer.intent?.resources).toEqual({ gpuType: 'RTX 4090' });
  });

  it('asks for the form and nothing else, with the key in its header only', async () => {
    const { parse } = await start(provider);
    providers.answers(READ);
    await parse(SPOKEN);
    const [question] = providers.asked;
    expect(providers.asked).toHaveLength(1);
    expect(question?.body.tools).toHaveLength(1);
    expect(JSON.stringify(question?.body.tool_choice)).toContain('message_reading');
    expect(JSON.stringify(question?.headers)).toContain(KEY);
    expect(JSON.stringify(question?.body)).not.toContain(KEY);
  });

  it.each<[string, Script, string]>([
    ['is silent', { silent: true }, 'timeout'],
    ['begins to answer and does not go on', { drip: '{"id": "msg_1",' }, 'timeout'],
    ['limits requests', { status: 429 }, 'rate_limited'],
    ['fails', { status: 500 }, 'provider_error'],
    ['is overloaded', { status: 529 }, 'provider_error'],
    ['does not take the key', { status: 401 }, 'provider_error'],
    ['refuses', { refusal: true }, 'refused'],
    ['chats instead', { words: 'Sure! I would use ResNet50.' }, 'refused'],
    ['breaks off in its form', { brokenForm: '{"kind":"training","fields":[{"pa' }, 'malformed'],
    ['fills another form', { form: { kind: 'delete_everything', fields: 'all' } }, 'malformed'],
    ['breaks off in its JSON', { body: '{"id": "msg_1", "content": [' }, 'malformed'],
    ['answers with a web page', { body: '<html>hello</html>' }, 'malformed'],
  ])('falls back to the grammar with a note, asked once, when it %s', async (_, script, code) => {
    const { parse, ask, logged } = await start(provider, {}, code === 'timeout' ? 300 : undefined);
    providers.answers(script);
    const message = 'train resnet18 on bread-types, 3 epochs';
    const answer = await parse(message, 'auto');
    const { note, usage, ...rest } = answer;
    expect(note).toMatchObject({ code, en: expect.stringContaining('grammar'), ko: expect.stringContaining('문법') });
    expect(rest).toEqual(await parse(message, 'rules'));
    expect(providers.asked).toHaveLength(1);
    // A provider that answered is paid, and one that was at work all the time, too.
    expect(usage !== undefined).toBe(!['rate_limited', 'provider_error'].includes(code) && !('body' in script));
    const refused = await ask(message, 'llm');
    expect(refused.status).toBe(503);
    const body = await refused.text();
    expect(ErrorBody.parse(JSON.parse(body)).error.code).toBe('parser.engine_unavailable');
    expect(logged()).toContain(code);
    expect(logged() + JSON.stringify(answer) + body).not.toContain(KEY);
  });

  it('falls back when nothing listens at the address', async () => {
    const gone = await startProviders();
    await gone.stop();
    const model = await createLanguageModel(gone.settings(provider, KEY));
    await expect(model?.read(SPOKEN, bakery)).rejects.toMatchObject({
      code: 'provider_error',
      message: 'provider_error',
    });
  });

  it('counts the tokens of a day with their price, and stops asking when they are spent', async () => {
    const { parse, ask, engine } = await start(provider, {
      MALLO_LLM_DAILY_TOKENS: String(TOKENS_PER_ANSWER + 1),
      MALLO_LLM_USD_PER_MILLION_TOKENS: '1,5',
      MALLO_LLM_MODEL: 'house-model',
    });
    providers.answers(READ);
    const usage = { inputTokens: 700, outputTokens: 60, costUsd: 0.001, model: 'house-model' };
    expect(await parse(SPOKEN, 'auto')).toMatchObject({ engine: 'llm', usage });
    expect(await parse(SPOKEN, 'auto')).toMatchObject({ engine: 'llm', usage });
    const spent = await parse(SPOKEN, 'auto');
    expect(spent).toMatchObject({ engine: 'rules', note: { code: 'daily_tokens_spent' } });
    expect(spent.usage).toBeUndefined();
    expect((await ask(SPOKEN, 'llm')).status).toBe(503);
    expect(providers.asked).toHaveLength(2);
    expect(await engine()).toEqual({
      engine: 'llm',
      model: 'house-model',
      tokensToday: 2 * TOKENS_PER_ANSWER,
      dailyTokens: TOKENS_PER_ANSWER + 1,
      costTodayUsd: 0.002,
    });
  });

  it('says no cost where no price is set', async () => {
    const { parse, engine } = await start(provider);
    providers.answers(READ);
    expect((await parse(SPOKEN)).usage?.costUsd).toBeNull();
    expect((await engine()).costTodayUsd).toBeNull();
  });

  it('estimates the tokens of who does not say them', async () => {
    const { parse, engine } = await start(provider);
    providers.answers({ ...READ, usage: false } as Script);
    const { usage } = await parse(SPOKEN);
    expect(usage?.inputTokens).toBeGreaterThan(300);
    expect(usage?.inputTokens).toBeLessThan(1500);
    expect(usage?.outputTokens).toBeGreaterThan(20);
    expect((await engine()).tokensToday).toBe((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0));
  });
});

describe('a conversation', () => {
  it('goes on from what the turns before have settled', async () => {
    const { parse } = await start('anthropic');
    const history = [{ role: 'user' as const, content: 'train resnet18 on bread-types, 3 epochs' }];
    providers.answers(training(['hyperparameters.epochs', 40, 'go for 40 rather']));
    const message = 'hm, go for 40 rather';
    const wanted = { modelName: 'resnet18', dataset: { id: 'ds_bread' }, hyperparameters: { epochs: 40 } };
    const answer = await parse(message, 'llm', { ...bakery, history });
    expect(answer).toMatchObject({ status: 'complete', engine: 'llm', intent: wanted });
    expect(answer.origin.modelName).toEqual({ kind: 'history' });
    const { intent } = await parse(history[0]?.content ?? '', 'rules');
    const again = await parse(message, 'llm', { ...bakery, intent });
    expect(again.intent).toMatchObject(wanted);
    expect(again.origin.dataset).toEqual({ kind: 'intent' });
  });

  it('takes an answer to a question along with what else is said', async () => {
    const { parse } = await start('anthropic');
    const history = [
      { role: 'user' as const, content: 'train an image classifier' },
      { role: 'assistant' as const, content: 'Which dataset? bread-types, trays' },
    ];
    providers.answers(training(['hyperparameters.epochs', 9, '9 rounds']));
    const answer = await parse('the first one, 9 rounds', 'llm', { ...bakery, history });
    expect(answer).toMatchObject({
      engine: 'llm',
      intent: { dataset: { id: 'ds_bread' }, hyperparameters: { epochs: 9 } },
    });
  });

  it('answers what only shows something, with the things of the project', async () => {
    const { parse } = await start('openai');
    providers.answers(command('list_datasets'));
    const answer = await parse('so what have we got to feed it', 'llm');
    expect(answer).toMatchObject({ status: 'command', engine: 'llm', command: { kind: 'list_datasets' } });
    providers.answers(command('status'));
    expect(await parse('is the thing on trays any good yet', 'llm')).toMatchObject({
      command: { kind: 'status', run: 'run_31' },
    });
  });

  it('knows what a question is about where the grammar does not, with the things of the project', async () => {
    const { parse } = await start('openai');
    const ask = (topic: string) => ({ form: { kind: 'command', command: 'explain', topic, fields: [] } });
    const message = 'bread-resnet18 seems to be stuck in the mud, hm';
    providers.answers(ask('why_not_improving'));
    expect(await parse(message)).toMatchObject({
      engine: 'llm',
      command: { kind: 'explain', topic: 'why_not_improving', query: message },
    });
    providers.answers(ask('delete_all'));
    expect(await parse(message, 'auto')).toMatchObject({ engine: 'rules', note: { code: 'malformed' } });
  });

  it('builds upon an earlier run as the grammar does', async () => {
    const { parse } = await start('openai');
    const intent = { modelName: 'resnet18', dataset: { id: 'ds_bread', name: 'bread-types' } };
    const [running, ...others] = bakery.runs ?? [];
    const runs = [
      { id: 'run_32', name: 'bread-small', status: 'completed', intent },
      ...(running ? [running] : []),
      ...others,
    ];
    providers.answers(training(['hyperparameters.epochs', 50, '50 epochs'], ['dataset', 'trays', 'last time']));
    expect(await parse('same as last time but with 50 epochs', 'llm', { ...bakery, runs })).toMatchObject({
      status: 'complete',
      engine: 'rules',
      intent: { ...intent, hyperparameters: { epochs: 50 } },
    });
  });

  it('says out of scope, except where the grammar understood all of it', async () => {
    const { parse } = await start('openai');
    providers.answers({ form: { kind: 'out_of_scope', fields: [] } });
    expect(await parse('tell me a joke about bread', 'llm')).toMatchObject({ status: 'out_of_scope', engine: 'llm' });
    expect(await parse('train resnet18 on bread-types', 'llm')).toMatchObject({ status: 'complete', engine: 'rules' });
  });

  it('needs no key at a server of one’s own', async () => {
    const { parse, engine } = await start('openai', { OPENAI_API_KEY: '', MALLO_LLM_MODEL: 'qwen3:8b' });
    providers.answers(READ);
    expect(await parse(SPOKEN)).toMatchObject({ engine: 'llm', intent: { modelName: 'resnet50' } });
    expect(providers.asked[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'qwen3:8b' } });
    expect(await engine()).toMatchObject({ engine: 'llm', model: 'qwen3:8b' });
  });

  it('is read by the grammar alone where the engine “rules” is asked for, or no key is set', async () => {
    const { parse } = await start('openai');
    expect((await parse(SPOKEN, 'rules')).engine).toBe('rules');
    expect(providers.asked).toHaveLength(0);
    const unset = providers.settings('openai', '', { OPENAI_BASE_URL: '' });
    expect(await createLanguageModel(unset)).toBeUndefined();
  });
});

import type { AnswerLine, AnswerRequest, Locale } from '@mallo/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Script, startAnsweringParser } from '../../testing/answering-parser.js';
import { startPetsProject } from '../../testing/pets-project.js';

const USAGE = { inputTokens: 900, outputTokens: 60, costUsd: null, model: 'a-model' };
const DONE: AnswerLine = { type: 'done', usage: USAGE };
const WHY = { kind: 'explain', topic: 'why_not_improving', run: 'pets-resnet18' } as const;

let parser: Awaited<ReturnType<typeof startAnsweringParser>>;
let project: Awaited<ReturnType<typeof startPetsProject>>;
let runId: string;
beforeAll(async () => {
  parser = await startAnsweringParser();
  project = await startPetsProject(parser.url);
  runId = await project.fill();
});
afterAll(async () => {
  await project.stop();
  await parser.stop();
});
afterEach(() => {
  parser.answers(null);
  parser.asked.length = 0;
});

async function ask({ locale = 'en' as Locale, question = 'why?', signal = undefined as AbortSignal | undefined } = {}) {
  const heard: string[] = [];
  const { insights, ownerId, api } = project;
  const answer = await insights.answer(
    ownerId,
    api.projectId,
    WHY,
    question,
    locale,
    ({ text }) => heard.push(text),
    signal,
  );
  return { ...answer, heard, texts: answer.sentences.map(({ text }) => text) };
}

/** A sentence that names the first fact with these words. */
function sentence(request: AnswerRequest, text: string, words: string): AnswerLine {
  return {
    type: 'sentence',
    text,
    facts: request.facts.filter((fact) => fact.text.includes(words)).map(({ id }) => id),
  };
}

describe('with a language model', () => {
  it('keeps the sentences that the facts prove, hands them on as they come, and drops the others', async () => {
    parser.answers((request) => ({
      lines: [
        sentence(request, 'Your run overfits: its accuracy peaked at 80% in epoch 3.', 'highest'),
        sentence(request, 'It would reach 97.3% with more data.', 'highest'),
        sentence(request, 'Raise the augmentation first.', 'augmentation'),
        DONE,
      ],
    }));
    const answer = await ask();
    expect(answer).toMatchObject({ engine: 'llm', note: null, usage: USAGE });
    expect(answer.texts).toEqual([
      'Your run overfits: its accuracy peaked at 80% in epoch 3.',
      'Raise the augmentation first.',
    ]);
    expect(answer.heard).toEqual(answer.texts);
    const point = { kind: 'run', runId, name: 'pets-resnet18', key: 'val_accuracy', step: 3 };
    expect(answer.sentences[0]?.links.map(({ source }) => source)).toEqual([point, point]);
  });

  it('tells it facts of this project alone, without tokens, ids and paths', async () => {
    parser.answers(() => ({ lines: [DONE] }));
    await ask({ locale: 'ko', question: '왜 정확도가 안 올라?' });
    const [request] = parser.asked;
    expect(request).toMatchObject({ question: '왜 정확도가 안 올라?', language: 'ko' });
    expect(request?.facts.some(({ text }) => text.includes('pets-mobilenetv3_small_050'))).toBe(true);
    expect(JSON.stringify(request)).not.toMatch(/usr_|prj_|run_|mdl_|dst_|Bearer|eyJ|\/home|\/tmp/);
  });

  it('lets a sentence of ours stand behind what it kept when that has no source to point to', async () => {
    parser.answers((request) => ({ lines: [sentence(request, 'There is much to try.', 'Worth trying'), DONE] }));
    const answer = await ask();
    expect(answer.texts[0]).toBe('There is much to try.');
    expect(answer.sentences[1]?.links.length).toBeGreaterThan(0);
    expect(answer.texts).toHaveLength(2);
    expect(answer.heard).toEqual(answer.texts);
  });

  const unfounded: AnswerLine = { type: 'sentence', text: 'It is 99.9%.', facts: ['f1'] };
  const harmless: AnswerLine = { type: 'sentence', text: 'There is something to see.', facts: ['f1'] };
  const late: AnswerLine = { type: 'failed', note: { code: 'timeout', ko: '늦었어요', en: 'late' } };
  it.each<[string, ReturnType<Script>, string]>([
    ['fails', { lines: [late] }, 'timeout'],
    ['fails half-way', { lines: [harmless, late] }, 'timeout'],
    ['proves nothing', { lines: [unfounded, DONE] }, 'malformed'],
    ['breaks off', { lines: [harmless], breaksOff: true }, 'provider_error'],
    ['ends without its last line', { lines: [harmless] }, 'provider_error'],
    ['speaks another protocol', { lines: [{ type: 'nonsense' } as unknown as AnswerLine] }, 'provider_error'],
  ])('answers by itself, with a note, when it %s', async (_, answers, code) => {
    parser.answers(() => answers);
    const answer = await ask();
    expect(answer).toMatchObject({ engine: 'rules', note: { code } });
    expect(answer.texts.join(' ')).toContain('It overfits: after epoch 2');
    expect(answer.texts).not.toContain(harmless.text);
  });

  it('stops when the person has gone', async () => {
    parser.answers(() => ({ lines: [harmless] }));
    await expect(ask({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });
});

describe('without one', () => {
  it('is not asked', async () => {
    expect(await ask()).toMatchObject({ engine: 'rules', note: null });
    expect(parser.asked).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { bytes, duration, percent, runSource, setting, whole } from './figures.js';
import { cited, linked, listed, plain, said } from './sentence.js';

const source = runSource({ id: 'run_1', name: 'pets' });
const written = (sentence: ReturnType<typeof said>) =>
  sentence.links.map(({ span }) => sentence.text.slice(span[0], span[1]));

describe('a sentence', () => {
  it('cannot be written with a figure that has no source', () => {
    expect(() => said`It took 3 epochs.`).toThrow('without a source');
    expect(() => said`정확도는 ½이에요.`).toThrow('without a source');
    expect(() => plain('v2')).toThrow('without a source');
  });

  it('keeps the place of each figure, however deep it is put together', () => {
    const inner = said`${percent(0.5, source)} of ${whole(1400, source)}`;
    const sentence = said`“${linked('고양이', source)}”: ${listed([inner, inner], ' / ')}!`;
    expect(sentence.text).toBe('“고양이”: 50.0% of 1,400 / 50.0% of 1,400!');
    expect(written(sentence)).toEqual(['고양이', '50.0%', '1,400', '50.0%', '1,400']);
  });

  it('quotes a text with a link at each word that holds a digit', () => {
    const sentence = cited('F1 is 0.93, see resnet18. Or not in 2026.', source);
    expect(written(sentence)).toEqual(['F1', '0.93', 'resnet18', '2026']);
  });

  it.each([
    ['resnet18', 'resnet18은 resnet18이 resnet18을 resnet18로 resnet18이에요'],
    ['resnet50', 'resnet50은 resnet50이 resnet50을 resnet50으로 resnet50이에요'],
    ['95.6%', '95.6%는 95.6%가 95.6%를 95.6%로 95.6%예요'],
    ['고양이', '고양이는 고양이가 고양이를 고양이로 고양이예요'],
    ['말', '말은 말이 말을 말로 말이에요'],
    ['곰', '곰은 곰이 곰을 곰으로 곰이에요'],
    ['vit_tiny_224', 'vit_tiny_224는 vit_tiny_224가 vit_tiny_224를 vit_tiny_224로 vit_tiny_224예요'],
  ])('chooses the particles that fit %s', (word, expected) => {
    const name = linked(word, source);
    expect(said`${name}은(는) ${name}이(가) ${name}을(를) ${name}(으)로 ${name}(이)에요`.text).toBe(expected);
    expect(said`“${name}”은(는)`.text).toBe(`“${word}”${expected.slice(word.length, expected.indexOf(' '))}`);
  });
});

describe('figures', () => {
  it.each([
    [setting(0.001, source), '0.001'],
    [setting(0.00001, source), '1e-5'],
    [setting(0.000001 * 10, source), '1e-5'],
    [bytes(44_795_000, source), '44.8 MB'],
    [bytes(0, source), '0 B'],
    [duration(125, source, 'ko'), '2분 5초'],
    [duration(3600, source, 'en'), '1 hr'],
    [duration(0, source, 'en'), '0 sec'],
    [duration(90_000, source, 'ko'), '1일 1시간'],
  ])('%#: are written as people read them', (sentence, expected) => {
    expect(sentence.text).toBe(expected);
  });
});

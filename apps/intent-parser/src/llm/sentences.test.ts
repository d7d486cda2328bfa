import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Sentence, SentenceCutter } from './sentences.js';

function cut(pieces: string[]): Sentence[] {
  const cutter = new SentenceCutter();
  return [...pieces.flatMap((piece) => cutter.add(piece)), ...cutter.end()];
}
const of = (text: string, ...ids: string[]): Sentence => ({ text, ids });

describe('sentences with their ids', () => {
  it.each<[string, string, Sentence[]]>([
    [
      'a line each',
      'ResNet50 reached 95.3%. [f1]\nIt took 12 min. [f2,f3]\n',
      [of('ResNet50 reached 95.3%.', 'f1'), of('It took 12 min.', 'f2', 'f3')],
    ],
    [
      'Korean, whose sentences end in a word',
      '정확도는 0.953이에요 [f1]\nresnet50이 v1.2.0보다 나아요. [f2]',
      [of('정확도는 0.953이에요', 'f1'), of('resnet50이 v1.2.0보다 나아요.', 'f2')],
    ],
    [
      'several in one line',
      'It stopped early. [f1] The best epoch was 7. [f2]',
      [of('It stopped early.', 'f1'), of('The best epoch was 7.', 'f2')],
    ],
    [
      'ids before the stop',
      '가장 높아요 [f1]. 다음은 resnet18이에요 [f2].',
      [of('가장 높아요.', 'f1'), of('다음은 resnet18이에요.', 'f2')],
    ],
    [
      'ids within the sentence',
      'A is at 95.3% [f1], while B is at 96.1% [f2].\n',
      [of('A is at 95.3%, while B is at 96.1%.', 'f1', 'f2')],
    ],
    ['groups of ids', 'Both are over. [f1] [f2][f1]\n', [of('Both are over.', 'f1', 'f2')]],
    [
      'ids in words',
      'Both are over. [F1 and f2]\n둘 다 끝났어요.【f1 및 f2】',
      [of('Both are over.', 'f1', 'f2'), of('둘 다 끝났어요.', 'f1', 'f2')],
    ],
    ['no source', 'I have no source for that. []', [of('I have no source for that.')]],
    [
      'ids for all of the line before them',
      'It is over. It took an hour. [f2] It is good.\nIt is new.',
      [of('It is over.', 'f2'), of('It took an hour.', 'f2'), of('It is good.'), of('It is new.')],
    ],
    [
      'no ids at all',
      'Sure! I would use ResNet50. Is that fine?',
      [of('Sure!'), of('I would use ResNet50.'), of('Is that fine?')],
    ],
    [
      'a new sentence that begins small',
      '올랐어요. [f1] mAP는 낮아요. [f2]',
      [of('올랐어요.', 'f1'), of('mAP는 낮아요.', 'f2')],
    ],
    [
      'dots that end nothing',
      'Use e.g. ResNet50 vs. ViT at approx. 1.5e-3. Then wait. [f1]',
      [of('Use e.g. ResNet50 vs. ViT at approx. 1.5e-3.', 'f1'), of('Then wait.', 'f1')],
    ],
    [
      'names with dots',
      'resnet50.a1_in1k beats v1.10.0 of cats.v2. [f1]',
      [of('resnet50.a1_in1k beats v1.10.0 of cats.v2.', 'f1')],
    ],
    [
      'brackets that hold no ids',
      'The classes [good, mold] weigh [1.0, 2.5]. [f1]',
      [of('The classes [good, mold] weigh [1.0, 2.5].', 'f1')],
    ],
    [
      'quotes and parentheses',
      'It is called “cats.” (Yes.) [f1] 그래요.',
      [of('It is called “cats.”', 'f1'), of('(Yes.)', 'f1'), of('그래요.')],
    ],
    [
      'lists in Markdown',
      '1. **ResNet50** is best. [f1]\n- `resnet18` is not. [f2]',
      [of('ResNet50 is best.', 'f1'), of('resnet18 is not.', 'f2')],
    ],
    ['empty lines, ids and marks alone', '\n\n끝났어요. [f1]\r\n\r\n[f2]\n.\n- ', [of('끝났어요.', 'f1')]],
    ['HTML, as the text it is', '<img src=x onerror=alert(1)> [f1]', [of('<img src=x onerror=alert(1)>', 'f1')]],
    ['control characters', 'a\u0000b\u001b[2Jc. [f1]', [of('a b [2Jc.', 'f1')]],
    ['nothing', '', []],
  ])('%s', (_, answer, sentences) => {
    expect(cut([answer])).toEqual(sentences);
    expect(cut([...answer])).toEqual(sentences);
  });

  it('are there as soon as the next one begins, or their line ends', () => {
    const cutter = new SentenceCutter();
    expect(cutter.add('It stopped at 0.9')).toEqual([]);
    expect(cutter.add('53.')).toEqual([]);
    expect(cutter.add(' [f')).toEqual([]);
    expect(cutter.add('1]')).toEqual([]);
    expect(cutter.add(' T')).toEqual([of('It stopped at 0.953.', 'f1')]);
    expect(cutter.add('hen on. [f2]\n')).toEqual([of('Then on.', 'f2')]);
    expect(cutter.end()).toEqual([]);
  });

  it('are the same wherever the stream is cut into pieces', () => {
    const part = fc.constantFrom(
      'A',
      'v1.2',
      '0.95',
      '요',
      '.',
      '?',
      ' ',
      '\n',
      '[f1]',
      '[f2,f3]',
      '[x]',
      'and',
      '(',
      '”',
      '[',
      '1. ',
      '**',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(90), { maxLength: 10 }), (parts, cuts) => {
        const answer = parts.join('');
        const at = [0, ...cuts.map((one) => Math.min(one, answer.length)).sort((a, b) => a - b), answer.length];
        const pieces = at.slice(1).map((end, index) => answer.slice(at[index], end));
        expect(cut(pieces)).toEqual(cut([answer]));
      }),
      { numRuns: 2000 },
    );
  });

  it('are cut in time from a line that never ends', () => {
    const start = performance.now();
    cut(Array.from({ length: 5000 }, () => 'a. [f'));
    cut(Array.from({ length: 20_000 }, () => '.'));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

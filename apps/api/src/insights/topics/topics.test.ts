import { describe, expect, it } from 'vitest';
import { ANSWERS } from '../../testing/answers.js';
import { done, versions } from '../../testing/project-evidence.js';
import { bestModel } from './best-model.js';
import { compare, contenderOfRun } from './comparison.js';

const all = Object.entries(ANSWERS).flatMap(([name, sentences]) =>
  sentences.flatMap((both) => (['ko', 'en'] as const).map((locale) => ({ name, locale, sentence: both[locale] }))),
);

if (process.env.PRINT_ANSWERS) {
  for (const [name, sentences] of Object.entries(ANSWERS)) {
    console.log(
      `\n## ${name}\n${sentences.map(({ ko }) => ko.text).join(' ')}\n${sentences.map(({ en }) => en.text).join(' ')}`,
    );
  }
}

describe('every sentence of every topic', () => {
  it('has something to say in each state', () => {
    expect(Object.entries(ANSWERS).filter(([, sentences]) => sentences.length === 0)).toEqual([]);
  });

  it('has a link at each digit', () => {
    const bare = all.flatMap(({ name, sentence: { text, links } }) =>
      [...text.matchAll(/\p{N}/gu)]
        .filter(({ index }) => !links.some(({ span }) => span[0] <= index && index < span[1]))
        .map(() => `${name}: ${text}`),
    );
    expect(bare).toEqual([]);
  });

  it('has spans that do not overlap and lie within the text', () => {
    for (const { sentence } of all) {
      let end = 0;
      for (const { span } of sentence.links) {
        expect(span[0]).toBeGreaterThanOrEqual(end);
        expect(span[1]).toBeGreaterThan(span[0]);
        end = span[1];
      }
      expect(end).toBeLessThanOrEqual(sentence.text.length);
    }
  });

  it('is written in its language, with its particles chosen and nothing left open', () => {
    for (const { locale, sentence } of all) {
      const ours = sentence.links.reduceRight(
        (text, { span }) => text.slice(0, span[0]) + text.slice(span[1]),
        sentence.text,
      );
      expect(sentence.text).not.toMatch(
        /은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로|\(이\)|undefined|NaN|null|\[object/,
      );
      if (locale === 'en') expect(ours).not.toMatch(/\p{Script=Hangul}/u);
      else expect(sentence.text).toMatch(/\p{Script=Hangul}/u);
    }
  });
});

describe('the best model for the edge', () => {
  it('is the smallest within two points of the best, with what that costs', () => {
    const [first, trade, smaller, speed] = bestModel(versions, 'edge');
    expect(first?.en.text).toContain('pets-mobilenetv3_small_050 1.0.0');
    expect(first?.ko.text).toContain('ONNX 파일이 6.3 MB이고 검증 정확도는 94.1%예요');
    expect(trade?.en.text).toContain('pets-resnet18 1.0.0, has 95.6%, 1.5 points more, at 44.8 MB');
    expect(smaller?.en.text).toContain('pets-mobilenetv3_small_050 1.1.0 is smaller still (2.1 MB)');
    expect(speed?.en.text).toContain('not measured');
  });
});

describe('comparing', () => {
  it('says that a small difference may be luck, and a large one not', () => {
    const near = compare([contenderOfRun(done.run), contenderOfRun({ ...done.run, id: 'run_9', valAccuracy: 0.84 })]);
    expect(near[2]?.ko.text).toContain('우연일 수 있어요');
    expect(ANSWERS['compare: one setting']?.[2]?.ko.text).toContain('16.0%p 높아요');
  });

  it('does not rank accuracies of different datasets', () => {
    expect(ANSWERS['compare: other data']?.some(({ en }) => en.text.includes('different datasets'))).toBe(true);
  });
});

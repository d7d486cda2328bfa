import { describe, expect, it } from 'vitest';
import { bytes, duration, modelSource, percent, points, runSource, setting, whole } from '../wording/figures.js';
import { linked, said } from '../wording/sentence.js';
import { checkedSentence } from './checked-sentence.js';
import { factsFrom } from './facts.js';

const run = { id: 'run_1', name: 'pets-resnet18-2' };
const best = runSource(run, 'val_accuracy', 7);
const model = modelSource('mdl_1', 'pets', '1.0.0');
const facts = factsFrom([
  said`${linked(run.name, best)} was best in epoch ${whole(7, best)}, with ${percent(0.956, best)}.`,
  said`The learning rate was ${setting(0.00005, best)} for ${whole(1400, best)} images, dropout ${setting(0.2, best)}.`,
  said`${linked('pets 1.0.0', model)} has ${bytes(44_800_000, model)}, ${points(0.023, model)} points less, after ${duration(125, model, 'en')}.`,
  said`Nothing else is known.`,
]);

function check(text: string, named = facts.map(({ id }) => id)) {
  return checkedSentence({ text, facts: named }, facts);
}
/** The words that became links. */
function linksOf(text: string, named?: string[]) {
  return check(text, named)?.links.map(({ span }) => text.slice(span[0], span[1])) ?? null;
}

describe('what a language model says', () => {
  it('is kept with a link at each figure and name', () => {
    expect(linksOf('pets-resnet18-2 peaked at 95.6% in epoch 7.')).toEqual(['pets-resnet18-2', '95.6', '7']);
    expect(linksOf('pets-resnet18-2는 7번째 에폭에서 95.6%였어요.')).toEqual(['pets-resnet18-2', '7', '95.6']);
    expect(check('It peaked in epoch 7.')?.links[0]?.source).toEqual(best);
    expect(linksOf('After 2 min 5 sec pets 1.0.0 had 44.8 MB.')).toEqual(['2 min 5 sec', 'pets 1.0.0', '44.8']);
  });

  it.each([
    ['rounded', 'The accuracy was 96%.'],
    ['as a share', 'The accuracy was 0.956.'],
    ['in words for its unit', '정확도는 95.6퍼센트였어요.'],
    ['a share as a percentage', 'The dropout was 20%.'],
    ['in another notation', 'The learning rate was 0.00005, or 5e-5.'],
    ['without its comma', 'It saw 1400 images.'],
    ['in thousands', 'It saw 1.4k images, that is 1.4천 장.'],
    ['as an ordinal', 'It was best in the 7th epoch.'],
    ['as points', 'It is 2.3 percentage points worse, 2.3%p.'],
  ])('may write a figure %s', (_, text) => {
    expect(check(text)).not.toBeNull();
  });

  it.each([
    ['another figure', 'The accuracy was 97.6%.'],
    ['more digits than are known', 'The accuracy was 95.63%.'],
    ['a figure rounded too far', 'It is 2 points worse.'],
    ['the right figure in another unit', 'It took 7 minutes.'],
    ['a share for a count', 'The accuracy was 7%.'],
    ['a percentage without its unit', 'There were 95.6 of them.'],
    ['a difference for a share', 'The accuracy was 2.3%.'],
    ['a part of a name', 'It was trained with resnet18.'],
    ['a name that is longer', 'pets-resnet18-21 was best.'],
    ['a version that is not there', 'pets 1.0.1 is best.'],
    ['one true and one false figure', 'It reached 95.6% in epoch 8.'],
    ['digits of another script', 'The accuracy was ９５%.'],
    ['a fraction sign', 'It took ½ of the time.'],
    ['a factor', 'It is 7x as good.'],
    ['a multiplied figure', 'It saw 1400k images.'],
    ['an address', 'See https://example.com for more.'],
    ['nothing', '  '],
  ])('is dropped for %s', (_, text) => {
    expect(check(text)).toBeNull();
  });

  it('is dropped when its figure is in a fact that it does not name, or it names none', () => {
    expect(linksOf('It peaked in epoch 7.', ['f2'])).toBeNull();
    expect(linksOf('It went well.', [])).toBeNull();
    expect(linksOf('It went well.', ['f99'])).toBeNull();
    expect(linksOf('It went well.', ['f4'])).toEqual([]);
  });
});

describe('what a language model is told', () => {
  it('holds no path of this machine, and nothing twice', () => {
    const [first, ...others] = factsFrom([
      said`Cannot read ${linked('/home/kim/.mallo/runs/run_1/config.json', best)}: no such file.`,
      said`Cannot read ${linked('/home/kim/.mallo/runs/run_1/config.json', best)}: no such file.`,
    ]);
    expect(first).toMatchObject({ id: 'f1', text: 'Cannot read (file): no such file.' });
    expect(others).toEqual([]);
  });

  it('is at most two hundred facts', () => {
    const many = Array.from({ length: 300 }, (_, index) => said`${whole(index, best)}`);
    expect(factsFrom(many)).toHaveLength(200);
  });
});

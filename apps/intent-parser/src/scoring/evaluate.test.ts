import { describe, expect, it } from 'vitest';
import { evaluate, isExact, percentOf, type Result } from './evaluate.js';

// The floors stand a little below what was last measured (evaluation/README.md); raise them as the grammar improves.
describe.each([
  ['development', 98],
  ['heldout', 96],
] as const)('the %s set', (split, floor) => {
  const results = evaluate(split);

  it(`is understood to at least ${floor} %`, () => {
    const wrong = results
      .filter((result) => !isExact(result))
      .map(({ item, wrong }) => [item.request.message, ...wrong]);
    expect(percentOf(results, isExact), JSON.stringify(wrong, null, 2)).toBeGreaterThanOrEqual(floor);
  });

  it('is understood as well in Korean as in English, to within two points', () => {
    const inLanguage = (lang: string) =>
      percentOf(
        results.filter(({ item }) => item.lang === lang),
        isExact,
      );
    expect(Math.abs(inLanguage('ko') - inLanguage('en'))).toBeLessThanOrEqual(2);
  });

  it('gives no command to what is none', () => {
    const invented = (result: Result) =>
      result.item.expect.status === 'out_of_scope' && result.answer.command !== undefined;
    expect(results.filter(invented).map(({ item }) => item.request.message)).toEqual([]);
  });
});

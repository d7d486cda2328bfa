import { describe, expect, it } from 'vitest';
import { type Answer, joined } from './joined.js';

/** Squares numbers; each question waits until it is let go, and is kept. */
function squares() {
  const questions: number[][] = [];
  const held: (() => void)[] = [];
  const square = joined(async (inputs: number[]): Promise<Answer<number>[]> => {
    questions.push(inputs);
    await new Promise<void>((letGo) => held.push(letGo));
    if (inputs.includes(666)) throw new Error('unlucky');
    return inputs.map((input) => (input < 0 ? { error: new Error(`${input} is negative`) } : { value: input ** 2 }));
  });
  /** Lets every question go until all is answered. */
  const answer = async <T>(all: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = all.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      held.shift()?.();
      await new Promise(setImmediate);
    }
    return done;
  };
  return { questions, square, answer };
}

describe('what is asked at once', () => {
  it('is one question while another is under way, and each gets its own answer', async () => {
    const { questions, square, answer } = squares();
    const all = Promise.all([1, 2, 3, 4].map(square));
    expect(await answer(all)).toEqual([1, 4, 9, 16]);
    expect(questions).toEqual([[1], [2, 3, 4]]);
    expect(await answer(square(5))).toBe(25);
  });

  it('is at most a hundred a question', async () => {
    const { questions, square, answer } = squares();
    await answer(Promise.all(Array.from({ length: 251 }, (_, at) => square(at))));
    expect(questions.map(({ length }) => length)).toEqual([1, 100, 100, 50]);
  });

  it('fails for those alone that fail, also when the question as a whole does', async () => {
    const { questions, square, answer } = squares();
    const all = Promise.allSettled([1, 2, -3, 666, 4].map(square));
    const said = (await answer(all)).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)));
    expect(said).toEqual([1, 4, 'Error: -3 is negative', 'Error: unlucky', 16]);
    expect(questions).toEqual([[1], [2, -3, 666, 4], [2], [-3], [666], [4]]);
  });
});

import { expect, test } from 'vitest';
import type { PythonEnd } from '../background/python-process.js';
import { problemOf } from './conversion-answer.js';

const SUBJECT = { weights: 'model.pth', code: null, architecture: 'resnet18' };
const LIMITS = { memoryBytes: 6_000_000_000, seconds: 120 };

test.each<[Partial<PythonEnd>, string, string, string]>([
  [{ tookTooLong: true }, 'model.conversion_limit', 'more than 120 s.', '변환에 120초 넘게'],
  [{ killedBy: 'SIGXCPU' }, 'model.conversion_limit', 'more than 120 s.', '변환에 120초 넘게'],
  [{ lastWords: 'MemoryError' }, 'model.conversion_limit', 'more than 6 GB.', '변환에 6 GB 넘게'],
  [{ killedBy: 'SIGSEGV' }, 'model.conversion_failed', 'it was ended by SIGSEGV', 'SIGSEGV 신호로 끝남'],
  [{ code: 7 }, 'model.conversion_failed', 'it ended with exit code 7', '종료 코드 7'],
])('says in both languages why a process died that gave no answer: %j', (end, code, en, ko) => {
  const died = { code: null, killedBy: null, tookTooLong: false, lastWords: '', ...end };
  const problem = problemOf(null, died, SUBJECT, LIMITS)?.toProblem();
  expect(problem).toMatchObject({
    code,
    message: { en: expect.stringContaining(en), ko: expect.stringContaining(ko) },
  });
});

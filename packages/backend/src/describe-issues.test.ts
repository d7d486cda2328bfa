import { NewModelName } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssues } from './describe-issues.js';

const Body = z.strictObject({ name: NewModelName, count: z.int().min(1) });

test('says in both languages what is wrong where', () => {
  const { en, ko } = describeIssues(Body, { name: 7, count: 0, more: 1 }, 'body');
  expect(en).toMatch(/^body\.name: Invalid input: expected string, received number; body\.count: Too small/);
  expect(ko).toBe(
    'body.name: 잘못된 입력: 예상 타입은 글, 받은 타입은 숫자 값입니다; ' +
      'body.count: 숫자 값이 너무 작습니다: 1 이상이어야 합니다; body: 인식할 수 없는 키: "more"',
  );
});

test('says reasons of our own as they are written', () => {
  expect(describeIssues(Body, { name: 'a/../b', count: 1 })).toEqual({
    en: 'name: must not be a path with “.” or “..”',
    ko: 'name: “.”이나 “..”이 든 경로는 쓸 수 없습니다',
  });
});

import { describe, expect, test } from 'vitest';
import { ERRORS, ErrorBody, type ErrorCode, errorMessage, MalloError } from './errors.js';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe.each(Object.keys(ERRORS) as ErrorCode[])('%s', (code) => {
  const { status, ko, en } = ERRORS[code];

  test('says in Korean and in English what happened, of the same things', () => {
    expect(ko).toMatch(/\p{Script=Hangul}/u);
    expect(en).not.toMatch(/\p{Script=Hangul}/u);
    expect(new Set(placeholders(ko))).toEqual(new Set(placeholders(en)));
  });

  test('has a status of an error', () => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });
});

test('a value is put where its name stands, and an unknown name stays visible', () => {
  expect(errorMessage('project.name_taken', { name: '고양이 {x}' }).ko).toBe(
    '“고양이 {x}” 프로젝트가 이미 있습니다. 다른 이름을 골라 주세요.',
  );
  expect(errorMessage('project.name_taken').en).toContain('{name}');
});

test('an error is what an answer may hold', () => {
  const error = { ...new MalloError('request.too_many', { seconds: 3 }).toProblem(), traceId: 'abc' };
  expect(ErrorBody.parse({ error })).toEqual({ error });
});

test('says a long path again only by its beginning and its end', () => {
  const path = `runs/${'가a/'.repeat(1500)}last.png`;
  const { message, params } = new MalloError('run.artifact_not_found', { path }).toProblem();
  expect(params?.path).toHaveLength(199);
  expect(params?.path).toMatch(/^runs\/.*….*last\.png$/);
  for (const text of Object.values(message)) {
    expect(text).toContain(String(params?.path));
    expect(text.length).toBeLessThan(300);
  }
});

test('does not cut a character in two where it says a text again', () => {
  const { params } = new MalloError('run.artifact_not_found', { path: '😀'.repeat(500) }).toProblem();
  expect(String(params?.path).isWellFormed()).toBe(true);
});

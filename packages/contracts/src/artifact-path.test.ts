import { describe, expect, it, test } from 'vitest';
import { isPlainPath, pathOf, placeOf, placeUnder } from './artifact-path.js';

describe('a path of the artifact server', () => {
  it.each([
    ['0/run_1/artifacts/model/MLmodel', '0/run_1/artifacts', 'model/MLmodel'],
    ['0/run_1/artifacts', '0/run_1/artifacts', ''],
    ['0/run_1/artifacts/', '0/run_1/artifacts', ''],
    ['12/models/m-1/artifacts/data/model.pth', '12/models/m-1/artifacts', 'data/model.pth'],
    ['0/run_1/artifacts/a/artifacts/b', '0/run_1/artifacts', 'a/artifacts/b'],
    ['0//run_1/./artifacts//a', '0/run_1/artifacts', 'a'],
    ['0/run_1', '', '0/run_1'],
    ['', '', ''],
    ['0/r/artifacts/학습 곡선 📈.png', '0/r/artifacts', '학습 곡선 📈.png'],
    ['0/r/artifacts/%ED%95%99%EC%8A%B5.png', '0/r/artifacts', '학습.png'],
    ['0/r/artifacts/a%20b', '0/r/artifacts', 'a b'],
    ['0/r/artifacts/100%.txt', '0/r/artifacts', '100%.txt'],
    ['0/r/artifacts/..a/b..', '0/r/artifacts', '..a/b..'],
    ['0/r/artifacts/10:30.log', '0/r/artifacts', '10:30.log'],
  ])('%s is %s and %s', (given, root, path) => expect(placeOf(given)).toEqual({ root, path }));

  it.each([
    '../x',
    '0/r/artifacts/../../x',
    '0/r/artifacts/%2e%2e/x',
    '0/r/artifacts/%252e%252e%252fx',
    '/etc/passwd',
    '%2fetc/passwd',
    'C:/x',
    'file:/etc/passwd',
    'http://elsewhere/x',
    'a\\b',
    'a%5cb',
    'a\0b',
    'a%00b',
    'a#b',
    `0/r/artifacts/${'한'.repeat(86)}`,
    `0/r/artifacts/${'a/'.repeat(1_000)}`,
    '\ud800',
  ])('%j is refused', (given) => expect(() => placeOf(given)).toThrow('Invalid path'));

  it('keeps control characters written out, so that no header or listing is broken by them', () => {
    expect(placeOf('0/r/artifacts/a\nb').path).toBe('a%0ab');
  });

  it('is made of a folder and the name of a file on the sender’s machine', () => {
    expect(pathOf(placeUnder('0/r/artifacts/data', '/home/me/model.bin'))).toBe('0/r/artifacts/data/model.bin');
    expect(pathOf(placeUnder('0/r/artifacts', 'C:\\me\\model.bin'))).toBe('0/r/artifacts/model.bin');
  });
});

test.each(['model/MLmodel', '이름 a+b/한글.bin', '100%', '.hidden'])('%s means itself', (path) => {
  expect(isPlainPath(path)).toBe(true);
});

test.each(['a%20b', 'a#b', 'a\\b', '../a', 'a//b', '/a', 'a/', './a', 'c:a', 'a\nb', 'x'.repeat(256), '\ud83d', ''])(
  '%s would be another path, or none',
  (path) => {
    expect(isPlainPath(path)).toBe(false);
  },
);

import { expect, test } from 'vitest';
import { refusalOf } from './query-refusal.js';

test('says where and what DuckDB refuses, and quotes it', () => {
  const said = 'Parser Error: syntax error at or near "selct"\n\nLINE 2: selct 1\n        ^';
  expect(refusalOf(said)).toEqual({
    en: 'in line 2 its SQL cannot be read at “selct” (DuckDB: “Parser Error: syntax error at or near "selct"”)',
    ko: '2번째 줄: “selct” 자리에서 SQL을 읽을 수 없습니다(DuckDB: “Parser Error: syntax error at or near "selct"”)',
  });
});

test.each([
  [
    'Binder Error: Referenced column "loos" not found in FROM clause!\nCandidate bindings: "loss"',
    '“loos” 열이 없습니다',
  ],
  ['Catalog Error: Table with name nothing does not exist!\nDid you mean "curves"?', '“nothing” 테이블이 없습니다'],
  ['Catalog Error: Scalar Function with name foo does not exist!', '“foo” 함수가 없습니다'],
  ['Something Else: of a kind nobody thought of', '데이터베이스가 받아들이지 않습니다'],
])('%s is said in Korean', (said, korean) => {
  expect(refusalOf(said).ko).toContain(korean);
});

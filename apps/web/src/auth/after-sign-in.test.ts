import { expect, test } from 'vitest';
import { pageAfterSignIn } from './after-sign-in';

test('goes back to the page that was asked for', () => {
  expect(pageAfterSignIn('/models/mdl_1?version=1.0.0')).toBe('/models/mdl_1?version=1.0.0');
  expect(pageAfterSignIn(null)).toBe('/projects');
});

test('never leaves for another site', () => {
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    expect(pageAfterSignIn(next)).toBe('/projects');
  }
});

import { afterEach, expect, it, vi } from 'vitest';
import { ACCESS_TOKEN_SECONDS, Tokens } from './tokens.js';

const tokens = new Tokens('only for tests, but long enough to be one');
afterEach(() => vi.useRealTimers());

it('a token is worth what it says until it expires, however often it was seen', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const token = await tokens.sign({ kind: 'user', userId: 'usr_1' });
  for (let times = 0; times < 3; times += 1) {
    expect(await tokens.verify(token)).toEqual({ kind: 'user', userId: 'usr_1' });
  }
  vi.setSystemTime(Date.now() + (ACCESS_TOKEN_SECONDS - 1) * 1000);
  expect(await tokens.verify(token)).toEqual({ kind: 'user', userId: 'usr_1' });
  vi.setSystemTime(Date.now() + 2000);
  expect(await tokens.verify(token)).toBeNull();
  expect(await tokens.verify(token)).toBeNull();
});

it('a token of another secret, or changed in one character, is worth nothing', async () => {
  const token = await tokens.sign({ kind: 'run', runId: 'run_1' });
  expect(await tokens.verify(token)).toEqual({ kind: 'run', runId: 'run_1' });
  expect(await new Tokens('another secret that is long enough too').verify(token)).toBeNull();
  const at = token.lastIndexOf('.') + 5;
  const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  expect(await tokens.verify(changed)).toBeNull();
});

it('a token of a person stands for a project only where one was named', async () => {
  const inProject = { kind: 'user', userId: 'usr_1', projectId: 'prj_1' } as const;
  expect(await tokens.verify(await tokens.sign(inProject))).toEqual(inProject);
  expect(await tokens.verify(await tokens.sign({ kind: 'user', userId: 'usr_1' }))).not.toHaveProperty('projectId');
});

it('a token of a browser tells the sign-in that it belongs to', async () => {
  const signedIn = { kind: 'user', userId: 'usr_1', signInId: 'fam_1' } as const;
  expect(await tokens.verify(await tokens.sign(signedIn))).toEqual(signedIn);
});

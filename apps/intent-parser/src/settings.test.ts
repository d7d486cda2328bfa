import { readSettings } from '@mallo/backend';
import { describe, expect, it } from 'vitest';
import { LlmSettings } from './settings.js';

describe('the settings of the LLM engine', () => {
  it('are off where nothing is set, or set to nothing', () => {
    const off = { MALLO_LLM_DAILY_TOKENS: 1_000_000 };
    expect(readSettings(LlmSettings, {})).toEqual(off);
    expect(
      readSettings(LlmSettings, { ANTHROPIC_API_KEY: '', OPENAI_BASE_URL: ' ', MALLO_LLM_DAILY_TOKENS: '' }),
    ).toEqual(off);
  });

  it.each([
    ['OPENAI_BASE_URL', 'file:///etc/passwd'],
    ['MALLO_LLM_DAILY_TOKENS', '-1'],
    ['MALLO_LLM_DAILY_TOKENS', 'many'],
  ])('are refused by name, never by value: %s=%s', (name, value) => {
    const read = () => readSettings(LlmSettings, { [name]: value, OPENAI_API_KEY: 'sk-secret' });
    expect(read).toThrow(name);
    expect(read).not.toThrow(/passwd|sk-secret/);
  });
});

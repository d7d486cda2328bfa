import { readSettings } from '@mallo/backend';
import { describe, expect, it } from 'vitest';
import { LlmSettings } from './settings.js';

describe('the settings of the LLM engine', () => {
  it('are off where nothing is set, or set to nothing', () => {
    const off = { MALLO_LLM_DAILY_TOKENS: 1_000_000 };
    expect(readSettings(LlmSettings, {})).toEqual(off);
    expect(
      readSettings(LlmSettings, {
        ANTHROPIC_API_KEY: '',
        OPENAI_BASE_URL: ' ',
        MALLO_LLM_DAILY_TOKENS: '',
        MALLO_LLM_USD_PER_MILLION_TOKENS: '',
      }),
    ).toEqual(off);
  });

  it.each([
    ['1,5', 1, 5],
    [' 0.25 , 2.5 ', 0.25, 2.5],
    ['0,0', 0, 0],
  ])('take two prices: %s', (value, input, output) => {
    const read = readSettings(LlmSettings, { MALLO_LLM_USD_PER_MILLION_TOKENS: value });
    expect(read.MALLO_LLM_USD_PER_MILLION_TOKENS).toEqual({ input, output });
  });

  it.each([
    ['OPENAI_BASE_URL', 'file:///etc/passwd'],
    ['OPENAI_BASE_URL', 'http://ollama:passwd@127.0.0.1:11434/v1'],
    ['ANTHROPIC_BASE_URL', 'https://passwd@proxy.example'],
    ['MALLO_LLM_DAILY_TOKENS', '-1'],
    ['MALLO_LLM_DAILY_TOKENS', 'many'],
    ['MALLO_LLM_USD_PER_MILLION_TOKENS', '5'],
    ['MALLO_LLM_USD_PER_MILLION_TOKENS', '1,-5'],
    ['MALLO_LLM_USD_PER_MILLION_TOKENS', '1,5,9'],
    ['MALLO_LLM_USD_PER_MILLION_TOKENS', 'free'],
  ])('are refused by name, never by value: %s=%s', (name, value) => {
    const read = () => readSettings(LlmSettings, { [name]: value, OPENAI_API_KEY: 'sk-secret' });
    expect(read).toThrow(name);
    expect(read).not.toThrow(/passwd|sk-secret/);
  });

  it('say what a price looks like', () => {
    expect(() => readSettings(LlmSettings, { MALLO_LLM_USD_PER_MILLION_TOKENS: '5' })).toThrow('such as "1,5"');
  });
});

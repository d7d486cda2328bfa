import { afterAll, afterEach, beforeEach } from 'vitest';
import { type Parser, startParser } from './parser.fixture.js';
import { type Provider, startProviders } from './providers.fixture.js';

/** Providers for the tests of a file, and parsers that ask them with this key, each of which ends with its test. */
export async function withProviders(key: string) {
  const providers = await startProviders();
  const parsers: Parser[] = [];
  afterAll(() => providers.stop());
  beforeEach(() => {
    providers.asked.length = 0;
  });
  afterEach(async () => {
    for (const parser of parsers.splice(0)) await parser.close();
  });
  const start = async (provider: Provider, settings: NodeJS.ProcessEnv = {}, silenceMs?: number): Promise<Parser> => {
    const parser = await startParser(providers.settings(provider, key, settings), silenceMs);
    parsers.push(parser);
    return parser;
  };
  return { providers, start };
}

import type { LlmSettings } from '../settings.js';
import type { Reader } from './reader.js';

const TIMEOUT_MS = 15_000;

/** The reader that the settings turn on; undefined without a key. */
export async function createReader(settings: LlmSettings, timeoutMs = TIMEOUT_MS): Promise<Reader | undefined> {
  if (!settings.ANTHROPIC_API_KEY && !settings.OPENAI_API_KEY) return undefined;
  // LangChain takes most of a second and 120 MB: it is loaded only where it is used.
  const { langchainReader } = await import('./reader.langchain.js');
  return langchainReader(settings, timeoutMs);
}

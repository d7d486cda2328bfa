import type { LlmSettings } from '../settings.js';
import type { LanguageModel } from './language-model.js';

const SILENCE_MS = 15_000;

/**
 * The language model that the settings turn on; undefined where they do not. `silenceMs` is how long it may take to read
 * a message, or be silent within an answer.
 */
export async function createLanguageModel(
  settings: LlmSettings,
  silenceMs = SILENCE_MS,
): Promise<LanguageModel | undefined> {
  // A server of one's own often asks for no key: its address is enough.
  if (!settings.ANTHROPIC_API_KEY && !settings.OPENAI_API_KEY && !settings.OPENAI_BASE_URL) return undefined;
  // LangChain takes most of a second and 120 MB: it is loaded only where it is used.
  const { langchainModel } = await import('./language-model.langchain.js');
  return langchainModel(settings, silenceMs);
}

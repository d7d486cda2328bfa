import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { LlmSettings } from '../settings.js';

const MOST_TOKENS_OUT = 2000;

// Whoever sets OPENAI_LOG or ANTHROPIC_LOG for another program must not find messages and answers in this one's output.
const QUIET = { logLevel: 'off' } as const;

// LangChain would copy every message to LangSmith for whoever traces other programs of theirs.
const TRACING = ['LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING_V2', 'LANGSMITH_TRACING', 'LANGCHAIN_TRACING'];

/**
 * The provider's client. The grammar is the second try, so the clients make none; none of them asks for a temperature,
 * which newer models refuse.
 */
export async function openChat(settings: LlmSettings): Promise<{ name: string; chat: BaseChatModel }> {
  for (const name of TRACING) delete process.env[name];
  if (settings.ANTHROPIC_API_KEY) {
    const { ChatAnthropic } = await import('@langchain/anthropic');
    const name = settings.MALLO_LLM_MODEL ?? 'claude-haiku-4-5';
    const chat = new ChatAnthropic({
      apiKey: settings.ANTHROPIC_API_KEY,
      model: name,
      maxTokens: MOST_TOKENS_OUT,
      maxRetries: 0,
      clientOptions: QUIET,
      ...(settings.ANTHROPIC_BASE_URL && { anthropicApiUrl: settings.ANTHROPIC_BASE_URL }),
    });
    return { name, chat };
  }
  const { ChatOpenAI } = await import('@langchain/openai');
  const name = settings.MALLO_LLM_MODEL ?? 'gpt-4.1-mini';
  const chat = new ChatOpenAI({
    // The client wants one, a server of one's own none.
    apiKey: settings.OPENAI_API_KEY ?? 'none',
    model: name,
    maxTokens: MOST_TOKENS_OUT,
    maxRetries: 0,
    // What Ollama and vLLM speak too.
    useResponsesApi: false,
    configuration: { ...QUIET, ...(settings.OPENAI_BASE_URL && { baseURL: settings.OPENAI_BASE_URL }) },
  });
  return { name, chat };
}

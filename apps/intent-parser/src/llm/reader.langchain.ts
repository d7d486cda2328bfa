import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { LlmSettings } from '../settings.js';
import { DailyTokens } from './daily-tokens.js';
import { failureOf, LlmFailure } from './failure.js';
import { dataOf, SYSTEM } from './prompt.js';
import type { Reader } from './reader.js';
import { Recognition } from './recognition.js';

const MOST_TOKENS_OUT = 2000;

// The grammar is the second try, so the clients make none; none of them asks for a temperature, which newer models refuse.
async function chatModel(settings: LlmSettings): Promise<BaseChatModel> {
  if (settings.ANTHROPIC_API_KEY) {
    const { ChatAnthropic } = await import('@langchain/anthropic');
    return new ChatAnthropic({
      apiKey: settings.ANTHROPIC_API_KEY,
      model: settings.MALLO_LLM_MODEL ?? 'claude-haiku-4-5',
      maxTokens: MOST_TOKENS_OUT,
      maxRetries: 0,
      ...(settings.ANTHROPIC_BASE_URL && { anthropicApiUrl: settings.ANTHROPIC_BASE_URL }),
    });
  }
  const { ChatOpenAI } = await import('@langchain/openai');
  return new ChatOpenAI({
    apiKey: settings.OPENAI_API_KEY,
    model: settings.MALLO_LLM_MODEL ?? 'gpt-4.1-mini',
    maxTokens: MOST_TOKENS_OUT,
    maxRetries: 0,
    // What Ollama and vLLM speak too.
    useResponsesApi: false,
    ...(settings.OPENAI_BASE_URL && { configuration: { baseURL: settings.OPENAI_BASE_URL } }),
  });
}

/** A reader by LangChain, with the form as the one tool that has to be called. */
export async function langchainReader(settings: LlmSettings, timeoutMs: number): Promise<Reader> {
  const chat = await chatModel(settings);
  const model = chat.withStructuredOutput(Recognition, {
    name: 'message_reading',
    method: 'functionCalling',
    includeRaw: true,
  });
  const tokens = new DailyTokens(settings.MALLO_LLM_DAILY_TOKENS);
  return {
    get tokensToday() {
      return tokens.used;
    },
    async read(message, context) {
      if (tokens.spent) throw new LlmFailure('daily_tokens_spent');
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const messages = [new SystemMessage(SYSTEM), new HumanMessage(dataOf(message, context))];
        const { raw, parsed } = await model.invoke(messages, { signal });
        if (!AIMessage.isInstance(raw)) throw new LlmFailure('malformed');
        tokens.add(raw.usage_metadata?.total_tokens ?? 0);
        // Whoever declines, in a field of its own, in words or in nothing, leaves the form out.
        const form = [...(raw.tool_calls ?? []), ...(raw.invalid_tool_calls ?? [])];
        if (form.length === 0 || raw.response_metadata.stop_reason === 'refusal') throw new LlmFailure('refused');
        const recognition = Recognition.safeParse(parsed);
        if (!recognition.success) throw new LlmFailure('malformed');
        return recognition.data;
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
  };
}

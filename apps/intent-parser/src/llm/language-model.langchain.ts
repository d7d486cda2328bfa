import { AIMessage, type AIMessageChunk, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { LlmSettings } from '../settings.js';
import { answerRules, factsOf } from './answer-prompt.js';
import { openChat } from './chat-model.js';
import { DailyUse, type Tokens } from './daily-use.js';
import { failureOf, LlmFailure } from './failure.js';
import type { LanguageModel } from './language-model.js';
import { dataOf, SYSTEM } from './prompt.js';
import { Recognition } from './recognition.js';

// However steadily it writes on: nobody waits longer, and nobody reads more.
const ANSWER_MS = 60_000;
const ANSWER_CHARACTERS = 20_000;
// "ollama", as people write where a server wants any text, is a word that answers may hold.
const SHORTEST_KEY = 12;
const REFUSALS = ['refusal', 'content_filter'];
const TOO_LONG = ['max_tokens', 'length'];

/** Tokens of what was said, where the provider does not say: four bytes each, as its own rule of thumb has it. */
function estimated(...texts: string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 4);
}

/** What the provider says of its use, as far as it does: a piece of an answer tells of in or out, or repeats both. */
function withUsage(before: Partial<Tokens>, message: AIMessage | AIMessageChunk): Partial<Tokens> {
  const { input_tokens, output_tokens } = message.usage_metadata ?? {};
  const isMore = (told: number | undefined, known = 0): told is number =>
    Number.isSafeInteger(told) && Number(told) > known;
  return {
    ...before,
    ...(isMore(input_tokens, before.inputTokens) && { inputTokens: input_tokens }),
    ...(isMore(output_tokens, before.outputTokens) && { outputTokens: output_tokens }),
  };
}

/** Why the model stopped, in its provider's word. */
function endOf({ response_metadata, additional_kwargs }: AIMessage | AIMessageChunk): string | undefined {
  if (additional_kwargs.refusal) return 'refusal';
  const end =
    response_metadata.stop_reason ?? response_metadata.finish_reason ?? additional_kwargs.stop_reason ?? undefined;
  return typeof end === 'string' ? end : undefined;
}

/** A language model by LangChain. The form is the one tool that has to be called; an answer is streamed. */
export async function langchainModel(settings: LlmSettings, silenceMs: number): Promise<LanguageModel> {
  const { name, chat } = await openChat(settings);
  const form = chat.withStructuredOutput(Recognition, {
    name: 'message_reading',
    method: 'functionCalling',
    includeRaw: true,
  });
  const keys = [settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY].flatMap((key) =>
    key && key.length >= SHORTEST_KEY ? key : [],
  );
  const use = new DailyUse(name, settings.MALLO_LLM_DAILY_TOKENS, settings.MALLO_LLM_USD_PER_MILLION_TOKENS);
  return {
    name,
    use,

    withoutKey: (text) => keys.reduce((left, key) => left.replaceAll(key, '[cut]'), text),

    async read(message, context) {
      if (use.spent) throw new LlmFailure('daily_tokens_spent');
      const signal = AbortSignal.timeout(silenceMs);
      const data = dataOf(message, context);
      const given = estimated(SYSTEM, data);
      try {
        const { raw, parsed } = await form.invoke([new SystemMessage(SYSTEM), new HumanMessage(data)], { signal });
        if (!AIMessage.isInstance(raw)) throw new LlmFailure('malformed');
        // Whoever declines, in a field of its own, in words or in nothing, leaves the form out.
        const calls = [...(raw.tool_calls ?? []), ...(raw.invalid_tool_calls ?? [])];
        const { inputTokens = given, outputTokens = estimated(raw.text, JSON.stringify(calls)) } = withUsage({}, raw);
        const usage = use.add({ inputTokens, outputTokens });
        const recognition = Recognition.safeParse(parsed);
        const declines = calls.length === 0 || endOf(raw) === 'refusal';
        if (!declines && recognition.success) return { recognition: recognition.data, usage };
        throw new LlmFailure(declines ? 'refused' : 'malformed', { usage });
      } catch (error) {
        const failure = failureOf(error, signal);
        if (failure.code !== 'timeout') throw failure;
        // It was at work for all that time, as far as anyone knows.
        throw new LlmFailure('timeout', { usage: use.add({ inputTokens: given, outputTokens: 0 }) });
      }
    },

    async *write(request, gone) {
      if (use.spent) throw new LlmFailure('daily_tokens_spent');
      const [rules, data] = [answerRules(request.language), factsOf(request)];
      const silence = new AbortController();
      const stop = AbortSignal.any([gone, silence.signal, AbortSignal.timeout(ANSWER_MS)]);
      let timer = setTimeout(() => silence.abort(), silenceMs);
      let told: Partial<Tokens> = {};
      let text = '';
      let end: string | undefined;
      let counted = false;
      const count = () => {
        counted = true;
        const { inputTokens = estimated(rules, data), outputTokens = 0 } = told;
        // The last word on it comes at the end.
        return use.add({
          inputTokens,
          outputTokens: end && outputTokens ? outputTokens : Math.max(outputTokens, estimated(text)),
        });
      };
      try {
        const messages = [new SystemMessage(rules), new HumanMessage(data)];
        for await (const chunk of await chat.stream(messages, { signal: stop })) {
          // Only the provider's silence counts, not that of who listens.
          clearTimeout(timer);
          told = withUsage(told, chunk);
          end = endOf(chunk) ?? end;
          text += chunk.text;
          if (text.length > ANSWER_CHARACTERS) throw new LlmFailure('malformed');
          if (chunk.text) yield chunk.text;
          timer = setTimeout(() => silence.abort(), silenceMs);
        }
        if (stop.aborted) throw new LlmFailure('timeout');
        if (REFUSALS.includes(end ?? '') || !text.trim()) throw new LlmFailure('refused');
        // Whoever was cut off has given no reason to stop.
        if (!end) throw new LlmFailure('provider_error');
        yield { usage: count(), isWhole: !TOO_LONG.includes(end) };
      } catch (error) {
        if (!gone.aborted) throw failureOf(error, stop);
      } finally {
        clearTimeout(timer);
        // What was cut off is paid for, too; what was never begun is not.
        if (!counted && (stop.aborted || Object.keys(told).length + text.length > 0)) count();
        silence.abort();
      }
    },
  };
}

import { type Saying, TOOL, USAGE, type Wire } from './wire.fixture.js';

const COMPLETION = { id: 'chatcmpl_1', created: 1_790_000_000, model: 'gpt-test' };
const usage = { prompt_tokens: USAGE.in, completion_tokens: USAGE.out, total_tokens: USAGE.in + USAGE.out };
const data = (chunk: unknown) => `data: ${JSON.stringify(chunk)}\n\n`;

function messageOf(saying: Saying): [message: unknown, finishReason: string] {
  const message = (more: object) => ({ role: 'assistant', content: null, refusal: null, ...more });
  const call = (form: string) => [{ id: 'call_1', type: 'function', function: { name: TOOL, arguments: form } }];
  if ('form' in saying) return [message({ tool_calls: call(JSON.stringify(saying.form)) }), 'tool_calls'];
  if ('brokenForm' in saying) return [message({ tool_calls: call(saying.brokenForm) }), 'length'];
  if ('refusal' in saying) return [message({ refusal: 'No.' }), 'stop'];
  return [message({ content: saying.words }), 'stop'];
}

/** OpenAI's Chat Completions API (platform.openai.com/docs/api-reference/chat), which Ollama and vLLM speak, too. */
export const openaiWire: Wire = {
  path: '/v1/chat/completions',
  whole(saying) {
    const [message, finish_reason] = messageOf(saying);
    const choices = [{ index: 0, message, finish_reason, logprobs: null }];
    return { ...COMPLETION, object: 'chat.completion', choices, ...(saying.usage !== false && { usage }) };
  },
  async *stream({ pieces, end, usage: usageWanted }) {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      data({ ...COMPLETION, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
    yield chunk({ role: 'assistant', content: '', refusal: null });
    for await (const content of pieces) yield chunk({ content });
    if (end === 'error') yield data({ error: { message: 'Overloaded', type: 'server_error', code: null } });
    if (end && end !== 'refusal' && end !== 'length') return;
    yield chunk({}, end === 'refusal' ? 'content_filter' : end === 'length' ? 'length' : 'stop');
    if (usageWanted !== false) yield data({ ...COMPLETION, object: 'chat.completion.chunk', choices: [], usage });
    yield 'data: [DONE]\n\n';
  },
};

import { type Saying, TOOL, USAGE, type Wire } from './wire.fixture.js';

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-test', stop_sequence: null };
const usageOf = (out: number) => ({ input_tokens: USAGE.in, output_tokens: out });
const event = (data: { type: string; [key: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

function contentOf(saying: Saying): [content: unknown[], stopReason: string] {
  const call = (input: unknown) => [{ type: 'tool_use', id: 'toolu_1', name: TOOL, input }];
  if ('form' in saying) return [call(saying.form), 'tool_use'];
  if ('brokenForm' in saying) return [call(saying.brokenForm), 'max_tokens'];
  if ('refusal' in saying) return [[], 'refusal'];
  return [[{ type: 'text', text: saying.words }], 'end_turn'];
}

/** Anthropic's Messages API (docs.claude.com/en/api/messages, …/build-with-claude/streaming). */
export const anthropicWire: Wire = {
  path: '/v1/messages',
  whole(saying) {
    const [content, stop_reason] = contentOf(saying);
    return { ...MESSAGE, content, stop_reason, ...(saying.usage !== false && { usage: usageOf(USAGE.out) }) };
  },
  async *stream({ pieces, end, usage }) {
    const begun = { ...MESSAGE, content: [], stop_reason: null, ...(usage !== false && { usage: usageOf(1) }) };
    yield event({ type: 'message_start', message: begun });
    yield event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    yield event({ type: 'ping' });
    for await (const text of pieces) {
      yield event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
    }
    if (end === 'error') yield event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    if (end && end !== 'refusal' && end !== 'length') return;
    yield event({ type: 'content_block_stop', index: 0 });
    const stop_reason = end === 'refusal' ? 'refusal' : end === 'length' ? 'max_tokens' : 'end_turn';
    const delta = { stop_reason, stop_sequence: null };
    yield event({ type: 'message_delta', delta, ...(usage !== false && { usage: { output_tokens: USAGE.out } }) });
    yield event({ type: 'message_stop' });
  },
};

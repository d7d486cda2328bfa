import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AnswerLine, AnswerRequest } from '@mallo/contracts';

/** What comes back for a question; `breaksOff`: the connection, after these lines. */
export type Script = (request: AnswerRequest) => { lines: AnswerLine[]; breaksOff?: boolean };

/** A server that speaks the parser's answer protocol on the wire, and says what it is told to. */
export async function startAnsweringParser() {
  const asked: AnswerRequest[] = [];
  let script: Script | null = null;
  const server = createServer(async (request, answer) => {
    const body = await text(request);
    if (request.url === '/v1/engine') {
      const state = { engine: script ? 'llm' : 'rules', model: null, tokensToday: 0, dailyTokens: null };
      answer.writeHead(200, { 'content-type': 'application/json' });
      return answer.end(JSON.stringify({ ...state, costTodayUsd: null }));
    }
    if (request.url !== '/v1/answer' || !script) return answer.writeHead(404).end('{}');
    const given = AnswerRequest.parse(JSON.parse(body));
    asked.push(given);
    const { lines, breaksOff } = script(given);
    answer.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const written = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    answer.write(written || '\n', () => (breaksOff ? answer.destroy() : answer.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The questions it was asked, the last one last. */
    asked,
    /** What it answers from now on; null: no language model is set up. */
    answers(next: Script | null) {
      script = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

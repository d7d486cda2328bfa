import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClient } from '@mallo/client';
import { type IngestBatch, liveRoutes } from '@mallo/contracts';

/** Whether a batch is refused as one that is not understood. */
type Refuses = (batch: IngestBatch) => Promise<boolean> | boolean;

/**
 * A telemetry of a later version before a real one: its refusals have codes that nobody knows yet.
 * @param refuses asked of each batch before it is handed on
 */
export async function newerTelemetry(url: string, refuses: Refuses) {
  const server = createServer(async (request, answer) => {
    const body = await text(request);
    const isIngest = request.method === 'POST' && request.url?.endsWith('/events');
    const isRefused = isIngest && (await refuses(JSON.parse(body)));
    const { 'content-length': _, ...headers } = request.headers;
    const sent = isRefused
      ? new Response(refusal(), { status: 422 })
      : await fetch(`${url}${request.url}`, {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...(body === '' ? {} : { body }),
        });
    const said = (await sent.text()).replace('"run.writer_elsewhere"', '"run.position_is_another"');
    answer.writeHead(sent.status, { 'content-type': 'application/json' }).end(said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Delivers a batch as a sidecar does. */
export async function ingest(url: string, { runId, token }: { runId: string; token: string }, body: IngestBatch) {
  await createClient({ baseUrl: url, accessToken: token }).call(liveRoutes.ingest, { params: { runId }, body });
}

function refusal(): string {
  const message = { en: 'A later version does not take this.', ko: '나중 버전은 이것을 받지 않습니다.' };
  return JSON.stringify({ error: { code: 'run.batch_of_old', message, traceId: 't' } });
}

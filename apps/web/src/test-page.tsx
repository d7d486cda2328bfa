import { type ErrorCode, errorMessage, type RouteSpec } from '@mallo/contracts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RenderResult, render } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { TooltipProvider } from '@/ui/tooltip';
import en from '../messages/en.json';

type Call = { url: URL; body: unknown; signal?: AbortSignal | null };
type Handler = (call: Call) => unknown;

/** An error answer of the fake api. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
  ) {}
}

/** Answers the page's requests by route, holding bodies and answers to the contract. Gives the calls it got. */
export function fakeApi(handlers: [route: RouteSpec, handler: Handler][]): Call[] {
  const calls: Call[] = [];
  const patterns = handlers.map(([route, handler]) => ({
    route,
    handler,
    pattern: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`),
  }));
  const answerOf = async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, 'http://localhost');
    const found = patterns.find(
      ({ route, pattern }) => route.method === (init.method ?? 'GET') && pattern.test(url.pathname),
    );
    if (!found) throw new Error(`the page asked for ${init.method} ${url.pathname}, which this test does not answer`);
    const { route, handler } = found;
    const sent: unknown = init.body ? JSON.parse(String(init.body)) : undefined;
    const body = route.body && route.body !== 'stream' ? route.body.parse(sent) : sent;
    const call = { url, body, signal: init.signal };
    calls.push(call);
    const answer = await handler(call);
    if (answer instanceof Response) return answer;
    if (answer instanceof Refusal) {
      const error = { code: answer.code, message: errorMessage(answer.code), traceId: 'trace1' };
      return Response.json({ error }, { status: answer.status });
    }
    return Response.json(route.response && route.response !== 'stream' ? route.response.parse(answer) : answer);
  };
  vi.stubGlobal('fetch', vi.fn(answerOf));
  return calls;
}

/** An answer of lines of JSON, written by hand until it is ended or broken off; it ends when the page gives it up. */
export class LineStream {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private readonly bytes = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.controller = controller;
    },
  });

  response(signal?: AbortSignal | null): Response {
    signal?.addEventListener('abort', () => this.controller?.error(signal.reason));
    return new Response(this.bytes);
  }

  write(line: unknown): void {
    this.controller?.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  }

  end(): void {
    this.controller?.close();
  }

  breakOff(): void {
    this.controller?.error(new TypeError('network error'));
  }
}

/** Renders within what every page has around it. */
export function renderPage(ui: ReactNode): RenderResult & { queryClient: QueryClient } {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const rendered = render(
    <NextIntlClientProvider locale="en" messages={en} timeZone="UTC">
      <QueryClientProvider client={queryClient}>
        <TooltipProvider>{ui}</TooltipProvider>
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
  return { ...rendered, queryClient };
}

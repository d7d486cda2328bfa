import { MalloError } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Reads bodies of one JSON value a line (NDJSON), which a program can write as it goes: the first line is the body
 * without its events, each other line an event.
 */
export function acceptLines(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addContentTypeParser(['application/x-ndjson', 'application/jsonl'], { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, bodyOfLines(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

function bodyOfLines(text: string): unknown {
  const [first, ...events] = text
    .split('\n')
    .map((line, at) => ({ line: line.trim(), number: at + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        throw new MalloError('request.invalid', {
          problem: { en: `line ${number} is not JSON`, ko: `${number}번째 줄이 JSON이 아닙니다` },
        });
      }
    });
  return typeof first === 'object' && first !== null ? { ...first, events } : first;
}

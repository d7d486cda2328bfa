import { makeProgram, type Program } from './programs.js';

/** A Prometheus that takes remote write. @param config its configuration file; an empty one without it */
export function makePrometheus(config = '/dev/null'): Promise<Program> {
  return makeProgram('prometheus', ({ port, folder }) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--log.level=error',
  ]);
}

export type Result = { metric: Record<string, string>; value: [number, string] };

/** What a query answers now. @throws Error with what Prometheus finds wrong in the query */
export async function queryPrometheus({ port }: Program, query: string): Promise<Result[]> {
  const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query })}`;
  const answer = (await (await fetch(url)).json()) as { error?: string; data?: { result: Result[] } };
  if (!answer.data) throw new Error(`${query}: ${answer.error}`);
  return answer.data.result;
}

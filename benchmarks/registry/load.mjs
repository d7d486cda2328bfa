// Sends requests by `load.py`, so that no client of JavaScript is part of what is measured.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const LOAD = fileURLToPath(new URL('load.py', import.meta.url));

/** @param requests of `{ method, path, headers, body }` @returns `{ seconds, latenciesMs }` */
export async function load(server, connections, requests) {
  const child = spawn('python3', [LOAD, '127.0.0.1', String(server.port), String(connections)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(requests.map((request) => JSON.stringify(request)).join('\n'));
  const result = JSON.parse(await text(child.stdout));
  if (result.failures.length > 0)
    throw new Error(`${server.name}: ${result.failures.length} failed: ${result.failures[0]}`);
  return result;
}

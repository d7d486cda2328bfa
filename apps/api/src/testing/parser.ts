import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../intent-parser/dist/main.js', import.meta.url));

/** The real intent parser, in a process of its own. */
export async function startParser(): Promise<{ url: string; stop: () => Promise<void> }> {
  const parser = spawn(process.execPath, [MAIN], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(parser, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (parser.exitCode !== null || parser.signalCode !== null) return;
      const exit = once(parser, 'exit');
      parser.kill();
      await exit;
    },
  };
}

/** How often a terminal, or a file that it is written to, is told. */
const TERMINAL_MS = 500;
const FILE_MS = 10_000;

/** Says how far it is on stderr, over and over until it is stopped. */
export function showProgress(say: () => string): { stop(): void } {
  const { stderr } = process;
  const timer = setInterval(
    () => stderr.write(stderr.isTTY ? `\r\x1b[K${say()}` : `${say()}\n`),
    stderr.isTTY ? TERMINAL_MS : FILE_MS,
  );
  return {
    stop: () => {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}

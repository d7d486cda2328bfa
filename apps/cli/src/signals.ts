/** Another signal this soon is the same press of Ctrl-C, passed on by npm and by start.mjs. */
const SAME_PRESS_MS = 700;

/** How a person or the system asks this process to end; `gone`: the terminal or the starting process is no more. */
export type EndSignal = 'interrupt' | 'terminate' | 'gone';

/** Calls `asked` for each request to end, with how many there were so far. */
export function onEndSignal(asked: (signal: EndSignal, times: number) => void): void {
  let times = 0;
  let lastMs = 0;
  const tell = (signal: EndSignal) => {
    const now = Date.now();
    if (now - lastMs < SAME_PRESS_MS) return;
    lastMs = now;
    times += 1;
    asked(signal, times);
  };
  process.on('SIGINT', () => tell('interrupt'));
  process.on('SIGTERM', () => tell('terminate'));
  process.on('SIGHUP', () => tell('gone'));
  if (process.channel) process.once('disconnect', () => tell('gone'));
  // A closed terminal takes its output with it; there is still something to be closed.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

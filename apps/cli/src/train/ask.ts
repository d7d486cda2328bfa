import { createInterface } from 'node:readline/promises';

/** Whether a person is there to answer. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/**
 * Asks in the terminal; null when the person pressed Ctrl-C or Ctrl-D instead of answering, or when `given`
 * ends the question from elsewhere.
 */
export async function ask(prompt: string, given?: AbortSignal): Promise<string | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  terminal.once('SIGINT', () => closed.abort());
  terminal.once('close', () => closed.abort());
  const signal = given ? AbortSignal.any([given, closed.signal]) : closed.signal;
  try {
    return (await terminal.question(prompt, { signal })).trim();
  } catch {
    return null;
  } finally {
    terminal.close();
  }
}

/** An option by its number, or the person's own words. */
export async function choose(question: string, options: readonly string[], prompt: string): Promise<string | null> {
  console.log(question);
  for (const [index, option] of options.entries()) console.log(`  ${index + 1}) ${option}`);
  for (;;) {
    const answer = await ask(prompt);
    if (answer === null) return null;
    const numbered = /^\d+$/.test(answer) ? options[Number(answer) - 1] : undefined;
    if (numbered ?? answer) return numbered ?? answer;
  }
}

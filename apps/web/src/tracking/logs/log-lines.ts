import type { LogLines } from '@mallo/contracts';

export type LogLine = LogLines['lines'][number];

/** Lines are asked for in blocks of so many. */
const BLOCK = 500;
/** So many blocks are kept; those looked at longest ago go first. */
const KEPT_BLOCKS = 60;

type Ask = (from: number, limit: number, signal: AbortSignal) => Promise<LogLines>;

type LogState = { total: number; isLoaded: boolean; error: Error | null };

/**
 * Lines of a log by their number, as far as they were looked at. However long the log is, only what is near is held.
 */
export function logLines(ask: Ask) {
  /** In the order in which they were last wanted. */
  const blocks = new Map<number, LogLine[]>();
  const asked = new Set<number>();
  const listeners = new Set<() => void>();
  const stopped = new AbortController();
  let state: LogState = { total: 0, isLoaded: false, error: null };
  const tell = (change: Partial<LogState>) => {
    if (stopped.signal.aborted) return;
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const isWhole = (block: number) => {
    const lines = blocks.get(block);
    return lines !== undefined && (lines.length === BLOCK || block * BLOCK + lines.length >= state.total);
  };
  const load = async (block: number) => {
    if (asked.has(block)) return;
    asked.add(block);
    try {
      const { total, lines } = await ask(block * BLOCK + 1, BLOCK, stopped.signal);
      blocks.delete(block);
      blocks.set(block, lines);
      for (const old of blocks.keys()) if (blocks.size > KEPT_BLOCKS) blocks.delete(old);
      tell({ total: Math.max(total, state.total), isLoaded: true, error: null });
    } catch (error) {
      tell({ error: error as Error });
    } finally {
      asked.delete(block);
    }
  };
  return {
    state: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    line: (number: number): LogLine | undefined => blocks.get(Math.floor((number - 1) / BLOCK))?.[(number - 1) % BLOCK],
    /** Asks for what of these lines is not here. */
    want(from: number, to: number) {
      for (let block = Math.floor((from - 1) / BLOCK); block <= Math.floor((to - 1) / BLOCK); block++) {
        const lines = blocks.get(block);
        if (lines && isWhole(block)) {
          blocks.delete(block);
          blocks.set(block, lines);
        } else void load(block);
      }
    },
    /** Asks how the log goes on. */
    grow: () => load(Math.max(0, Math.floor(state.total / BLOCK))),
    stop: () => stopped.abort(),
  };
}

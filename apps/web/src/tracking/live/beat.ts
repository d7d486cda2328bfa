import { notifyManager } from '@tanstack/react-query';

/** So often the page shows what can wait. */
const BEAT_MS = 500;

type Waiting = { work: () => void; beat: number };

const waiting = new Set<Waiting>();
let timer: ReturnType<typeof setInterval> | undefined;
let count = 0;

/**
 * Does it after so many beats, which are the same for all of the page: what changes at one is rendered together and in one
 * frame, whose cost is by and large the same whatever is in it. With `of` it waits on until a beat that can be divided by it.
 * @returns takes it back
 */
export function atBeat(work: () => void, beats: number, of = 1): () => void {
  const one = { work, beat: Math.ceil((count + beats) / of) * of };
  waiting.add(one);
  timer ??= setInterval(tell, BEAT_MS);
  return () => {
    waiting.delete(one);
    stopIfNobodyWaits();
  };
}

function tell(): void {
  count += 1;
  const due = [...waiting].filter(({ beat }) => beat <= count);
  for (const one of due) waiting.delete(one);
  notifyManager.batch(() => {
    for (const { work } of due) work();
  });
  stopIfNobodyWaits();
}

function stopIfNobodyWaits(): void {
  if (waiting.size > 0) return;
  clearInterval(timer);
  timer = undefined;
  count = 0;
}

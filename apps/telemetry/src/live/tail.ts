import type { SequencedEvent } from '@mallo/contracts';

/** What is kept of a watched run, so that watchers who keep up never touch the database. */
const TAIL_EVENTS = 5000;
const TAIL_BYTES = 4 * 1024 * 1024;
/** A line may have 10,000 letters. */
const FRAME_BYTES = 1024 * 1024;

/** The last events of a run, without a gap among them. */
export class Tail {
  private events: SequencedEvent[] = [];
  private bytes = 0;

  /** Events that were committed, in any order of telling. None: something may have been that nobody told. */
  add(events: readonly SequencedEvent[]): void {
    const [first] = events;
    const last = events.at(-1);
    const known = this.events.at(-1);
    if (first && known && first.seq === known.seq + 1) {
      this.events.push(...events);
      this.bytes += bytesOf(events);
    } else if (!last || !known || last.seq > known.seq) {
      // After a hole, older events are read from the database, which has none. What is told late, too.
      this.events = [...events];
      this.bytes = bytesOf(events);
    }
    // Not at every batch, as it copies what stays.
    if (this.events.length > 2 * TAIL_EVENTS || this.bytes > 2 * TAIL_BYTES) this.shorten();
  }

  /** The last that is known. */
  get last(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** Events after a place; null where the database has to be asked. */
  after(place: number, limit: number): SequencedEvent[] | null {
    const first = this.events[0]?.seq;
    if (first === undefined || place + 1 < first) return null;
    return this.events.slice(place + 1 - first, place + 1 - first + limit);
  }

  private shorten(): void {
    let from = this.events.length;
    let bytes = 0;
    while (from > 0 && this.events.length - from < TAIL_EVENTS && bytes < TAIL_BYTES) {
      from -= 1;
      bytes += sizeOf(this.events[from]);
    }
    this.events = this.events.slice(from);
    this.bytes = bytes;
  }
}

/** As many of the events, from the first, as one frame may hold. */
export function frameOf(events: SequencedEvent[]): SequencedEvent[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += sizeOf(event);
    return index > 0 && bytes > FRAME_BYTES;
  });
  return end < 0 ? events : events.slice(0, end);
}

function bytesOf(events: readonly SequencedEvent[]): number {
  return events.reduce((sum, event) => sum + sizeOf(event), 0);
}

/** About what it takes as JSON. */
function sizeOf(event: SequencedEvent | undefined): number {
  return 100 + (event?.event.type === 'log' ? event.event.line.length : 0);
}

import { LiveEvent, type MetricValue, type SequencedEvent } from '@mallo/contracts';
import { ByteReader, ByteWriter } from './bytes.js';

/** Events that are stored together or not at all, packed as they lie in the journal. */
export type Batch = { events: number; payload: Buffer };

export type Point = { key: string; step: number; timeMs: number; value: number };
export type LogEvent = Extract<LiveEvent, { type: 'log' }>;
/** Events that are neither points nor lines: few and small. */
export type OtherEvent = Exclude<LiveEvent, { type: 'log' } | { type: 'metric' }>;

const VERSION = 1;
const KINDS = 8;
const POINT = 0;
const POINT_OF_NEW_KEY = 1;
const STDOUT = 2;
const STDERR = 3;
const OTHER = 4;

/** Packs events one after another: a point of a regular curve takes about 11 bytes, 8 of them its value. */
export class BatchWriter {
  private readonly bytes = new ByteWriter(1024);
  private readonly keys = new Map<string, { index: number; step: number }>();
  private events = 0;
  private timeMs = 0;

  constructor() {
    this.bytes.count(VERSION);
  }

  /** @param step and timeMs safe integers; value any number, NaN and infinities too */
  point(key: string, step: number, timeMs: number, value: number): void {
    let known = this.keys.get(key);
    if (known) {
      this.bytes.count(known.index * KINDS + POINT);
    } else {
      known = { index: this.keys.size, step: 0 };
      this.keys.set(key, known);
      this.bytes.count(POINT_OF_NEW_KEY);
      this.bytes.text(key);
    }
    this.bytes.difference(step, known.step);
    known.step = step;
    this.time(timeMs);
    this.bytes.double(value);
    this.events += 1;
  }

  event(event: LiveEvent): void {
    if (event.type === 'metric') {
      this.point(event.key, event.step, event.timeMs, Number(event.value));
      return;
    }
    if (event.type === 'log') {
      this.bytes.count(event.stream === 'stdout' ? STDOUT : STDERR);
      this.time(event.timeMs);
      this.bytes.text(event.line);
    } else {
      this.bytes.count(OTHER);
      this.bytes.text(JSON.stringify(event));
    }
    this.events += 1;
  }

  finish(): Batch {
    return { events: this.events, payload: this.bytes.finish() };
  }

  private time(timeMs: number): void {
    this.bytes.difference(timeMs, this.timeMs);
    this.timeMs = timeMs;
  }
}

export function batchOf(events: Iterable<LiveEvent>): Batch {
  const writer = new BatchWriter();
  for (const event of events) writer.event(event);
  return writer.finish();
}

export type BatchReader = {
  point: (key: string, step: number, timeMs: number, value: number) => void;
  line: (stream: LogEvent['stream'], timeMs: number, line: string) => void;
  other: (event: OtherEvent) => void;
};

/** Tells the events of a payload in their order, without an object for each point. */
export function readBatch(payload: Buffer, reader: BatchReader): void {
  const bytes = new ByteReader(payload);
  const version = bytes.count();
  if (version !== VERSION) throw new RangeError(`a batch of version ${version} cannot be read`);
  const keys: { key: string; step: number }[] = [];
  let timeMs = 0;
  while (!bytes.ended) {
    const head = bytes.count();
    const kind = head % KINDS;
    if (kind === POINT || kind === POINT_OF_NEW_KEY) {
      if (kind === POINT_OF_NEW_KEY) keys.push({ key: bytes.text(), step: 0 });
      const known = keys[kind === POINT ? Math.floor(head / KINDS) : keys.length - 1];
      if (!known) throw new RangeError('a stored point has no key');
      known.step = bytes.difference(known.step);
      timeMs = bytes.difference(timeMs);
      reader.point(known.key, known.step, timeMs, bytes.double());
    } else if (kind === OTHER) {
      reader.other(LiveEvent.parse(JSON.parse(bytes.text())) as OtherEvent);
    } else {
      timeMs = bytes.difference(timeMs);
      reader.line(kind === STDOUT ? 'stdout' : 'stderr', timeMs, bytes.text());
    }
  }
}

/** The events of a payload as they are sent to watchers. @param seqFrom the place of the first */
export function eventsOf(payload: Buffer, seqFrom: number): SequencedEvent[] {
  const events: SequencedEvent[] = [];
  const add = (event: LiveEvent) => events.push({ seq: seqFrom + events.length, event });
  readBatch(payload, {
    point: (key, step, timeMs, value) => add({ type: 'metric', key, step, timeMs, value: asJson(value) }),
    line: (stream, timeMs, line) => add({ type: 'log', stream, timeMs, line }),
    other: add,
  });
  return events;
}

/** JSON has no NaN or infinities; they travel as these words. */
export function asJson(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

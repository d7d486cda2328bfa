import { LiveEvent, type MetricValue } from '@mallo/contracts';
import { visibleText } from './log-lines.js';
import { type LogfmtLine, readLogfmt } from './logfmt.js';

const LINE_MAX_CHARACTERS = 10_000;

/** Of a `batch` line, by the step over the whole run. */
const BATCH_CURVES = ['loss', 'learning_rate', 'images_per_second'];
/** Of an `epoch` line, by the number of the epoch. Its learning rate is that of its batches already. */
const EPOCH_CURVES = ['train_loss', 'train_accuracy', 'val_loss', 'val_accuracy'];
const NOTICE_LEVELS: Record<string, 'info' | 'warning' | 'error'> = {
  note: 'info',
  warning: 'warning',
  error: 'error',
};

/** What a recipe's lines mean. Each line is a log event besides, so that nothing a trainer says is lost. */
export class TrainerLines {
  /** Said by the `start` line, needed for every batch after it. */
  private epochs = 0;

  /** @param onCheckpoint told the file of a checkpoint that was written, relative to the output folder. */
  constructor(
    private readonly stream: 'stdout' | 'stderr',
    private readonly onCheckpoint: (path: string) => void,
  ) {}

  /** A line that was delivered before: it only tells where the training is. */
  remember(line: string): void {
    if (line.startsWith('start ')) this.eventsOf(line, 0);
  }

  eventsOf(line: string, timeMs: number): LiveEvent[] {
    const text = visibleText(line);
    const log: LiveEvent = { type: 'log', stream: this.stream, timeMs, line: cut(text) };
    const said = this.stream === 'stdout' ? readLogfmt(text) : null;
    if (!said) return [log];
    // A line that only looks like one of ours may hold anything: what is no event stays a line of log.
    const events = this.meaningOf(said, timeMs).filter((event) => LiveEvent.safeParse(event).success);
    return [...events, log];
  }

  private meaningOf({ kind, fields }: LogfmtLine, timeMs: number): LiveEvent[] {
    const number = (name: string) => Number(fields.get(name) ?? Number.NaN);
    const curves = (names: string[], step: number) =>
      names.flatMap((key): LiveEvent[] => {
        const value = metricValue(fields.get(key));
        return value === null ? [] : [{ type: 'metric', key, step, timeMs, value }];
      });
    if (kind === 'start') {
      this.epochs = number('epochs');
      return [];
    }
    if (kind === 'batch') {
      const speed = number('images_per_second');
      const progress: LiveEvent = {
        type: 'progress',
        timeMs,
        epoch: number('epoch'),
        epochs: this.epochs,
        batch: number('batch'),
        batches: number('batches'),
        step: number('step'),
        imagesPerSecond: Number.isFinite(speed) ? speed : null,
      };
      return [progress, ...curves(BATCH_CURVES, number('step'))];
    }
    if (kind === 'epoch') return curves(EPOCH_CURVES, number('epoch'));
    const level = NOTICE_LEVELS[kind];
    if (level) {
      const code = fields.get('code') ?? '';
      return [{ type: 'notice', timeMs, level, code, message: fields.get('message')?.slice(0, 2000) ?? '' }];
    }
    if (kind === 'checkpoint') this.onCheckpoint(fields.get('path') ?? '');
    return [];
  }
}

/** A number as Python prints it, `nan` and `inf` included; null for anything else. */
function metricValue(text: string | undefined): MetricValue | null {
  if (text === undefined) return null;
  if (text === 'nan') return 'NaN';
  if (text === 'inf') return 'Infinity';
  if (text === '-inf') return '-Infinity';
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function cut(line: string): string {
  return line.length > LINE_MAX_CHARACTERS ? `${line.slice(0, LINE_MAX_CHARACTERS - 1)}…` : line;
}

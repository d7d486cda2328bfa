import { type RunView, remainingSeconds } from '@mallo/client';
import type { Locale, Run } from '@mallo/contracts';
import { plot } from 'asciichart';
import { cutTo } from './text-width.js';
import { durationOf, stepNames, words } from './words.js';

const BAR_CELLS = 24;
const CHART_ROWS = 8;

/** The state of the training as lines for a terminal of so many columns. */
export function screenOf(view: RunView | null, run: Run, linked: boolean, locale: Locale, columns: number): string[] {
  const lines = [...chart(view, locale, columns), ...statusLines(view, run, linked, locale)];
  return lines.map((line) => cutTo(line, columns - 1));
}

function statusLines(view: RunView | null, run: Run, linked: boolean, locale: Locale): string[] {
  const step = run.steps.find(({ status }) => status === 'running');
  const progress = view?.progress;
  const notes = linked ? [] : [words.reconnecting()[locale]];
  if (!view || !progress || step?.name !== 'run_training') {
    const name = step ? `${stepNames[step.name][locale]} …` : '';
    return [[name, ...notes].filter(Boolean).join(' · ')];
  }
  const { epoch, epochs, batch, batches } = progress;
  const share = batches > 0 ? ((epoch - 1) * batches + batch) / (epochs * batches) : 0;
  const filled = Math.round(Math.min(1, share) * BAR_CELLS);
  const remaining = remainingSeconds(view);
  const loss = last(view, 'loss');
  const accuracy = last(view, 'val_accuracy');
  const parts = [
    words.epoch(epoch, epochs)[locale],
    words.batch(batch, batches)[locale],
    ...(loss === null ? [] : [`${words.loss()[locale]} ${loss.toFixed(3)}`]),
    ...(accuracy === null ? [] : [`${words.validationAccuracy()[locale]} ${percent(accuracy)}`]),
    ...(remaining === null ? [] : [words.remaining(durationOf(remaining, locale))[locale]]),
    ...notes,
  ];
  return [`${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${Math.floor(share * 100)}%`, parts.join(' · ')];
}

/** Loss by batch, and below it validation accuracy by epoch once there are two. */
function chart(view: RunView | null, locale: Locale, columns: number): string[] {
  if (!view) return [];
  const width = Math.max(20, Math.min(columns - 14, 100));
  const draw = (title: string, values: number[], rows: number, label: (value: number) => string) => {
    if (values.length < 2) return [];
    const drawing = plot(fit(values, width), { height: rows, format: (value) => label(value).padStart(8) });
    return [title, ...drawing.split('\n').map((line) => line.trimEnd()), ''];
  };
  return [
    ...draw(words.loss()[locale], valuesOf(view, 'loss'), CHART_ROWS, (value) => value.toFixed(3)),
    ...draw(words.validationAccuracy()[locale], valuesOf(view, 'val_accuracy'), CHART_ROWS / 2, percent),
  ];
}

function valuesOf(view: RunView, key: string): number[] {
  return (view.curves[key] ?? []).map(([, value]) => Number(value)).filter(Number.isFinite);
}

/** At most so many values, each the mean of its stretch. */
function fit(values: number[], width: number): number[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * values.length) / width);
    const stretch = values.slice(from, Math.max(from + 1, Math.floor(((column + 1) * values.length) / width)));
    return stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
  });
}

/** Lines for a log: one for each epoch that ended since `after`. */
export function epochLines(view: RunView, after: number, locale: Locale): { line: string; epoch: number }[] {
  const at = (key: string, epoch: number) => {
    const value = view.curves[key]?.find(([step]) => step === epoch)?.[1];
    return value === undefined ? null : Number(value);
  };
  return (view.curves.val_accuracy ?? [])
    .map(([epoch]) => epoch)
    .filter((epoch) => epoch > after)
    .map((epoch) => {
      const [loss, validationLoss] = [at('train_loss', epoch), at('val_loss', epoch)];
      const parts = [
        words.epoch(epoch, view.progress?.epochs ?? epoch)[locale],
        ...(loss === null ? [] : [`${words.loss()[locale]} ${loss.toFixed(4)}`]),
        ...(validationLoss === null ? [] : [`${words.validationLoss()[locale]} ${validationLoss.toFixed(4)}`]),
        `${words.validationAccuracy()[locale]} ${percent(at('val_accuracy', epoch) ?? 0)}`,
      ];
      return { epoch, line: parts.join('  ') };
    });
}

function last(view: RunView, key: string): number | null {
  const value = view.curves[key]?.at(-1)?.[1];
  return typeof value === 'number' ? value : null;
}

/** 0.956 → 95.6% */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

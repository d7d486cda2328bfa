import { InputShape, ModelRegistration, notANumberIn, type TaskType, type VersionBump } from '@mallo/contracts';
import { z } from 'zod';

/** What the form holds, as it was typed. */
export type Draft = {
  name: string;
  bump: VersionBump;
  framework: string;
  architecture: string;
  taskType: TaskType;
  inputShape: string;
  /** One a line. */
  classNames: string;
  datasetName: string;
  /** Of the project; empty: another, whose name may be given. */
  datasetVersion: string;
  /** A JSON object. */
  metrics: string;
  memo: string;
};
export type DraftField = keyof Draft;

export const EMPTY_DRAFT: Draft = {
  name: '',
  bump: 'minor',
  framework: '',
  architecture: '',
  taskType: 'classification',
  inputShape: '',
  classNames: '',
  datasetName: '',
  datasetVersion: '',
  metrics: '',
  memo: '',
};

/** What is wrong with a field; `about` is the metric or the line it is about. */
export type DraftProblem = {
  key:
    | 'required'
    | DraftField
    | 'className'
    | 'metricsSyntax'
    | 'metricsNaN'
    | 'metricsObject'
    | 'metricNumber'
    | 'metricName';
  about?: string;
};
export type DraftProblems = Partial<Record<DraftField, DraftProblem>>;

// The rule that there are files or a run is kept elsewhere: here the files come last.
const Described = z.strictObject(ModelRegistration.shape).omit({ files: true, run: true, key: true });
type Described = z.infer<typeof Described>;

/** What the form describes, or what is wrong with it, a field at a time. */
export function readDraft(draft: Draft): { described: Described } | { problems: DraftProblems } {
  const metrics = readMetrics(draft.metrics);
  const classNames = linesOf(draft.classNames);
  const parsed = Described.safeParse({
    ...draft,
    inputShape: readShape(draft.inputShape),
    classNames: classNames.length > 0 ? classNames : undefined,
    datasetName: draft.datasetVersion || draft.datasetName.trim() === '' ? undefined : draft.datasetName,
    datasetVersion: draft.datasetVersion || undefined,
    metrics: 'problem' in metrics ? {} : metrics.metrics,
  });
  const problems: DraftProblems = {};
  for (const { path } of parsed.error?.issues ?? []) {
    const field = path[0] as DraftField;
    problems[field] ??= problemOf(field, draft[field], path[1]);
  }
  if ('problem' in metrics) problems.metrics = metrics.problem;
  return parsed.success && !('problem' in metrics) ? { described: parsed.data } : { problems };
}

function problemOf(field: DraftField, typed: string, within: PropertyKey | undefined): DraftProblem {
  if (typed.trim() === '') return { key: 'required' };
  if (field === 'classNames' && typeof within === 'number') return { key: 'className', about: String(within + 1) };
  if (field === 'metrics') return { key: 'metricName', about: String(within).slice(0, 40) };
  return { key: field };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Sizes as people write them: `1, 3, 224, 224`, `[1,3,224,224]`, `1x3x224x224`. What is none stays text, to be refused. */
function readShape(text: string): number[] | string | null {
  const inner = text.trim().replace(/^[[(](.*)[\])]$/, '$1');
  if (inner.trim() === '') return null;
  const parts = inner.trim().split(/\s*[,x×]\s*|\s+/);
  const sizes = InputShape.safeParse(parts.map((part) => (/^-?\d+$/.test(part) ? Number(part) : Number.NaN)));
  return sizes.success ? sizes.data : text;
}

/** The metrics of a text of JSON, or what keeps it from being that. Nothing at all is no metrics. */
export function readMetrics(text: string): { metrics: Record<string, number> } | { problem: DraftProblem } {
  if (text.trim() === '') return { metrics: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const found = notANumberIn(text);
    if (!found) return { problem: { key: 'metricsSyntax' } };
    // Without a name it is a value by itself, or of a list.
    return { problem: found.key ? { key: 'metricsNaN', about: found.key.slice(0, 40) } : { key: 'metricsObject' } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: { key: 'metricsObject' } };
  for (const [name, figure] of Object.entries(value)) {
    if (typeof figure !== 'number') return { problem: { key: 'metricNumber', about: name.slice(0, 40) } };
    // 1e999 is JSON, and more than a number can hold.
    if (!Number.isFinite(figure)) return { problem: { key: 'metricsNaN', about: name.slice(0, 40) } };
  }
  return { metrics: value as Record<string, number> };
}

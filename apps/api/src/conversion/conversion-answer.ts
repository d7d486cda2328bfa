import { byteSize } from '@mallo/client';
import { type Conversion, MalloError } from '@mallo/contracts';
import { z } from 'zod';
import { endOf, type PythonEnd, ranOutOf, secondsText } from '../background/python-process.js';

/** What `mallo_trainer.convert` prints. */
const Answer = z.object({
  problem: z.object({ code: z.string(), message: z.string(), nearest: z.string().optional() }).nullable(),
  would_run: z.array(z.string()),
  missing: z.array(z.string()),
  unexpected: z.array(z.string()),
  /** How many classes it tells apart; null where it gives no scores of classes. */
  classes: z.int().nullish(),
  input_shape: z.array(z.int()).optional(),
});
export type Answer = z.infer<typeof Answer>;

/** What a conversion is of, as errors name it. */
export type Subject = { weights: string; code: string | null; architecture: string };
export type Limits = { memoryBytes: number; seconds: number };

const SHOWN = 3;

/** The answer, which is its last line; null when it died before. */
export function readAnswer(lastLine: string): Answer | null {
  try {
    return Answer.parse(JSON.parse(lastLine));
  } catch {
    return null;
  }
}

export function detailsOf(answer: Answer | null): Pick<Conversion, 'wouldRun' | 'missing' | 'unexpected'> {
  const { would_run: wouldRun = [], missing = [], unexpected = [] } = answer ?? {};
  return { wouldRun, missing, unexpected };
}

/** Why there is no ONNX file, as a person is told; null when there is one. */
export function problemOf(answer: Answer | null, end: PythonEnd, subject: Subject, limits: Limits): MalloError | null {
  if (!answer) return diedOf(end, limits);
  if (!answer.problem) return null;
  const { code, nearest = '' } = answer.problem;
  const problem = answer.problem.message.replace(/\.$/, '');
  const { weights, architecture } = subject;
  switch (code) {
    case 'weights_unsafe':
      return new MalloError('model.weights_unsafe', {
        file: weights,
        calls: answer.would_run.slice(0, SHOWN).join(', '),
      });
    case 'weights_unreadable':
      return new MalloError('model.weights_unreadable', { file: weights, problem });
    case 'weights_unfit':
      return new MalloError('model.weights_unfit', { architecture, problem });
    case 'unknown_model':
      return new MalloError('model.architecture_unknown', {
        name: architecture,
        nearest: nearest.replaceAll(',', ', '),
      });
    case 'code_failed':
      return new MalloError('model.code_failed', { file: subject.code ?? '', problem });
    case 'sandbox_missing':
      return new MalloError('model.sandbox_missing', { problem });
    case 'input_unknown':
      return new MalloError('model.input_unknown');
    case 'out_of_memory':
      return new MalloError('model.conversion_limit', { limit: byteSize(limits.memoryBytes) });
    default:
      return new MalloError('model.conversion_failed', { problem });
  }
}

function diedOf(end: PythonEnd, limits: Limits): MalloError {
  const shortOf = ranOutOf(end);
  if (shortOf) {
    const limit = shortOf === 'time' ? secondsText(limits.seconds) : byteSize(limits.memoryBytes);
    return new MalloError('model.conversion_limit', { limit });
  }
  return new MalloError('model.conversion_failed', { problem: end.lastWords || endOf(end) });
}

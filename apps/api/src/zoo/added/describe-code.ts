import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteSize } from '@mallo/client';
import { MalloError } from '@mallo/contracts';
import { z } from 'zod';
import { endOf, ranOutOf, secondsText } from '../../background/python-process.js';
import { askShutIn } from '../../background/shut-in-python.js';

/** What `mallo_trainer.describe` prints. */
const Answer = z.discriminatedUnion('found', [
  z.object({
    found: z.literal(false),
    problem: z.object({ code: z.string(), message: z.string(), names: z.string().optional() }),
  }),
  z.object({
    found: z.literal(true),
    entry: z.string(),
    params: z.int(),
    gflops: z.number().nullable(),
    activations_m: z.number().nullable(),
    fixed_input_size: z.boolean(),
  }),
]);
export type Described = Extract<z.infer<typeof Answer>, { found: true }>;

/** PyTorch itself takes two thirds of it. */
const LIMITS = { memoryBytes: 6_000_000_000, seconds: 120, fileBytes: 1_000_000 };

/**
 * Runs somebody's file once, shut in, and looks at what it makes.
 * @throws MalloError zoo.code_failed, zoo.entry_unclear, zoo.code_limit, zoo.sandbox_missing, training.python_missing
 */
export async function describeCode(
  trainerFolder: string,
  { code, entry, inputSize }: { code: string; entry: string | undefined; inputSize: number },
): Promise<Described> {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-model-'));
  try {
    const file = join(folder, 'model.py');
    await writeFile(file, code);
    const asked = { code: file, entry: entry ?? null, input_size: inputSize };
    const end = await askShutIn(trainerFolder, { module: 'mallo_trainer.describe', folder, asked, limits: LIMITS });
    const answer = readAnswer(end.lastLine);
    if (answer?.found) return answer;
    if (answer) throw errorOf(answer.problem, inputSize);
    const shortOf = ranOutOf(end);
    if (shortOf === 'time') throw new MalloError('zoo.code_limit', { limit: secondsText(LIMITS.seconds) });
    if (shortOf === 'memory') throw memoryShort();
    throw new MalloError('zoo.code_failed', { problem: end.lastWords || endOf(end), size: inputSize });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readAnswer(line: string): z.infer<typeof Answer> | null {
  try {
    const read = z.looseObject({ problem: z.unknown() }).parse(JSON.parse(line));
    return Answer.parse({ ...read, found: read.problem === null });
  } catch {
    return null;
  }
}

function errorOf({ code, message, names }: { code: string; message: string; names?: string }, size: number) {
  const problem = message.replace(/\.$/, '');
  if (code === 'entry_unclear') return new MalloError('zoo.entry_unclear', { names: names || '–' });
  if (code === 'out_of_memory') return memoryShort();
  if (code === 'sandbox_missing') return new MalloError('zoo.sandbox_missing', { problem });
  return new MalloError('zoo.code_failed', { problem, size });
}

function memoryShort(): MalloError {
  return new MalloError('zoo.code_limit', { limit: byteSize(LIMITS.memoryBytes) });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PythonEnd, runPython } from './python-process.js';

export type ShutInCall = {
  /** Of the trainer: it shuts itself in before it opens what it is given, and prints its answer as the last line. */
  module: string;
  /** Holds what it is given; its `output`, made here, is all that it can write into. */
  folder: string;
  asked: Record<string, unknown>;
  /** `seconds` of processor time. */
  limits: { memoryBytes: number; seconds: number; fileBytes: number };
  signal?: AbortSignal;
};

/** Asks Python something about what somebody else made. */
export async function askShutIn(
  trainerFolder: string,
  { module, folder, asked, limits, signal = new AbortController().signal }: ShutInCall,
): Promise<PythonEnd & { lastLine: string }> {
  const output = join(folder, 'output');
  await mkdir(output, { recursive: true });
  // Outside of the folder that can be written to.
  const settings = join(folder, 'settings.json');
  const { memoryBytes: memory_bytes, seconds, fileBytes: file_bytes } = limits;
  await writeFile(settings, JSON.stringify({ ...asked, output, memory_bytes, seconds, file_bytes }));
  let lastLine = '';
  const end = await runPython(trainerFolder, {
    args: [module, settings],
    isolated: true,
    // Whatever takes longer waits for something that will not come.
    ...{ cwd: output, env: {}, limitSeconds: 2 * seconds, signal },
    onLine: async (line) => {
      lastLine = line;
    },
  });
  return { ...end, lastLine };
}

import { createHash } from 'node:crypto';
import { AddedParts } from '@mallo/contracts';
import { ZooEntry } from '@mallo/zoo';
import type { z } from 'zod';

/** A model that a person added, as it is kept. */
export const AddedModel = ZooEntry.extend({ added: AddedParts });
export type AddedModel = z.infer<typeof AddedModel>;

/** The name of its Python file beside a training and among the files of a version. */
export const CODE_FILE = 'model.py';

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Of which bytes a training of it is; absent for one that is no Python file. */
export function codeOf({ added }: AddedModel): { sha256: string; entry: string } | undefined {
  return added.kind === 'python' ? { sha256: added.sha256, entry: added.entry } : undefined;
}

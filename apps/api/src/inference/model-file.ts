import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import type { Artifact, ModelVersion } from '@mallo/contracts';
import type { ObjectStore } from '../objects/object-store.js';
import type { RegistryService } from '../registry/registry.service.js';

/** Files that come with a model and hold no weights. */
const NO_WEIGHTS = /\.(json|ya?ml|toml|txt|md|csv|py|lock)$/i;

/** The ONNX file of a version: model.onnx, or the only one. */
export function onnxOf({ artifacts }: ModelVersion): Artifact | undefined {
  const all = artifacts.filter(({ name }) => name.toLowerCase().endsWith('.onnx'));
  return all.find(({ name }) => name === 'model.onnx') ?? (all.length === 1 ? all[0] : undefined);
}

/** The files that an ONNX file may keep its weights in: torch.onnx writes model.onnx.data unless told otherwise. */
function weightsBeside({ artifacts }: ModelVersion, model: Artifact): Artifact[] {
  return artifacts.filter(({ name, kind }) => {
    if (dirname(name) !== dirname(model.name) || name === model.name) return false;
    return name.startsWith(`${model.name}.`) || (kind === 'other' && !NO_WEIGHTS.test(name));
  });
}

/** An ONNX file that can be opened. `key` tells its weights from all others. */
export type ModelFile = { path: string; key: string; sizeBytes: number };

/**
 * Lets `use` open the ONNX file of a version. Blobs have no names, so where it has weights in files beside it they get
 * theirs in a folder of their own, for as long.
 * @throws MalloError model.artifact_missing
 */
export async function withModelFile<T>(
  registry: RegistryService,
  store: ObjectStore,
  version: ModelVersion,
  model: Artifact,
  use: (file: ModelFile) => Promise<T>,
): Promise<T> {
  const all = [model, ...weightsBeside(version, model)];
  const files = await Promise.all(all.map(({ name }) => registry.artifactFile(version, name)));
  const sizeBytes = files.reduce((sum, { artifact }) => sum + artifact.sizeBytes, 0);
  const key = createHash('sha256')
    .update(all.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n'))
    .digest('hex');
  const [only, ...others] = files;
  if (only && others.length === 0) return use({ path: only.path, key, sizeBytes });
  const folder = store.temporaryPath();
  await mkdir(folder);
  try {
    for (const { artifact, path } of files) await place(path, join(folder, basename(artifact.name)));
    return await use({ path: join(folder, basename(model.name)), key, sizeBytes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function place(path: string, to: string): Promise<void> {
  await link(path, to).catch(async (error: unknown) => {
    // From a folder of FALLBACK_PATH on another disk.
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(path, to, constants.COPYFILE_FICLONE);
  });
}

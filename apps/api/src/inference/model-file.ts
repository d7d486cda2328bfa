import { constants } from 'node:fs';
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import type { Artifact, ModelVersion } from '@mallo/contracts';
import type { ObjectStore } from '../objects/object-store.js';
import type { RegistryService } from '../registry/registry.service.js';

/** Files that come with a model and hold no weights. */
const NO_WEIGHTS = /\.(json|ya?ml|toml|txt|md|csv|py|lock|png|jpe?g|webp)$/i;

/** How large an ONNX file is with the files that it keeps weights in. */
export function modelBytes(version: ModelVersion, model: Artifact): number {
  return [model, ...weightsBeside(version, model)].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** The files that an ONNX file may keep its weights in: torch.onnx writes model.onnx.data unless told otherwise. */
function weightsBeside({ artifacts }: ModelVersion, model: Artifact): Artifact[] {
  return artifacts.filter(({ name, kind }) => {
    if (dirname(name) !== dirname(model.name) || name === model.name) return false;
    return name.startsWith(`${model.name}.`) || (kind === 'other' && !NO_WEIGHTS.test(name));
  });
}

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
  use: (path: string) => Promise<T>,
): Promise<T> {
  const all = [model, ...weightsBeside(version, model)];
  const files = await Promise.all(all.map(({ name }) => registry.artifactFile(version, name)));
  const [only, ...others] = files;
  if (only && others.length === 0) return use(only.path);
  const folder = store.temporaryPath();
  await mkdir(folder);
  try {
    for (const { artifact, path } of files) await place(path, join(folder, basename(artifact.name)));
    return await use(join(folder, basename(model.name)));
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

import { type ArtifactPlace, MlflowError, placeOf } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Compute } from '../../compute/compute.js';
import { RunsService } from '../../experiments/runs.service.js';
import { type Blob, ObjectStore } from '../../objects/object-store.js';
import { ArtifactsRepository } from './artifacts.repository.js';

/** What the files of runs and logged models hold, and letting go of those that telemetry removed. */
@Injectable()
export class RemovedRunsService {
  constructor(
    private readonly artifacts: ArtifactsRepository,
    private readonly runs: RunsService,
    private readonly objects: ObjectStore,
    private readonly compute: Compute,
  ) {}

  /** Files of runs and logged models, the same content once, and the folders in which trainings ran. */
  async heldBytes(projectId: string): Promise<number> {
    const [logged, own] = await Promise.all([this.artifacts.all(projectId), this.runs.allFiles(projectId)]);
    let bytes = sizeOf([...logged, ...own]);
    // One after another: a project may have thousands.
    for (const runId of await this.runs.idsOf(projectId)) bytes += await this.compute.heldBytes(runId);
    return bytes;
  }

  /**
   * Lets go of files; bytes that a version of a model or another run has too stay. Should we die before they are freed,
   * the next start removes what nothing refers to.
   */
  async free(projectId: string, gone: { runIds: string[]; folders: string[] }): Promise<number> {
    const files = await this.runs.letGoOfFiles(projectId, gone.runIds);
    for (const place of gone.folders.flatMap(placeOfRun)) {
      files.push(...(await this.artifacts.remove(projectId, place)));
    }
    const freed: Blob[] = [];
    for (const file of new Map(files.map((one) => [one.sha256, one])).values()) {
      if (await this.objects.remove(file.sha256)) freed.push(file);
    }
    let bytes = sizeOf(freed);
    // Only ids that are in the database name a folder.
    for (const runId of await this.runs.endedAmong(projectId, gone.runIds)) bytes += await this.compute.remove(runId);
    return bytes;
  }
}

/** Where a run can have logged to; a location that says otherwise has nothing here. */
function placeOfRun(folder: string): ArtifactPlace[] {
  try {
    const place = placeOf(folder);
    return place.root === '' || place.root.startsWith('registry/') ? [] : [place];
  } catch (error) {
    if (error instanceof MlflowError) return [];
    throw error;
  }
}

function sizeOf(files: readonly Blob[]): number {
  const sizes = new Map(files.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

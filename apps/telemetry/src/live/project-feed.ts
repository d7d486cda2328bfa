import type { Logger } from 'pino';
import { asJson, readBatch } from '../points/batch.js';
import { type ProjectWatcher, type ReadRecords, WatchedProject } from './watched-project.js';

/** Tells whoever watches a project what changes in its runs. */
export class ProjectFeed {
  private readonly projects = new Map<string, WatchedProject>();

  constructor(
    private readonly read: ReadRecords,
    private readonly log: Logger,
  ) {}

  get isWatched(): boolean {
    return this.projects.size > 0;
  }

  /** @param metrics names whose last points are wanted @returns the end of it, to be called once */
  watch(projectId: string, metrics: readonly string[], watcher: ProjectWatcher): () => void {
    const project = this.projects.get(projectId) ?? new WatchedProject(projectId, this.read, this.log);
    this.projects.set(projectId, project);
    const end = project.add(watcher, metrics);
    return () => {
      end();
      if (!project.isWatched) this.projects.delete(projectId);
    };
  }

  /** A batch of a run was stored. */
  stored(projectId: string, runId: string, payload: Buffer): void {
    const project = this.projects.get(projectId);
    if (!project) return;
    readBatch(payload, {
      point: (key, step, timeMs, value) => project.point(runId, key, { value: asJson(value), step, timeMs }),
      line: () => project.logged(runId),
      other: ({ type }) => {
        if (type === 'run') project.recordsChanged();
      },
    });
  }
}

import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 50_000;

/** In which project a run is, which never changes. */
export class RunProjects {
  private readonly known = new LRUCache<string, string>({ max: MOST_REMEMBERED });

  constructor(private readonly find: (runId: string) => Promise<string | null>) {}

  /** Calls `then` with the run's project: at once where it is known. Nothing where there is no such run. */
  tell(runId: string, then: (projectId: string) => void, failed: (error: unknown) => void): void {
    const known = this.known.get(runId);
    if (known !== undefined) {
      then(known);
      return;
    }
    this.find(runId).then((projectId) => {
      if (projectId === null) return;
      this.known.set(runId, projectId);
      then(projectId);
    }, failed);
  }
}

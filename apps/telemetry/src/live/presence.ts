import type { OtherInstances } from './other-instances.js';

/** A change is told when things have been quiet for so long: many come and go at once. */
const SETTLES_MS = 250;
/** The others forget who watches here when they do not hear of it. */
const SHARE_EVERY_MS = 20_000;

type WatchedRun = { projectId: string; pages: Map<string, number> };

/**
 * Who watches which run. Each sign-in counts once, however many pages it has open, on whatever instance: the tabs of a
 * browser are one watcher, the same person's telephone another.
 */
export class Presence {
  private readonly runs = new Map<string, WatchedRun>();
  private readonly planned = new Map<string, { timer: NodeJS.Timeout; isNews: boolean }>();
  private readonly sharing: NodeJS.Timeout | undefined;

  constructor(
    private readonly tell: (runId: string, watchers: number) => void,
    private readonly others: OtherInstances | null,
  ) {
    if (others) this.sharing = setInterval(() => this.shareAll(), SHARE_EVERY_MS);
  }

  /** @returns the end of it, to be called once */
  joined(runId: string, projectId: string, signIn: string): () => void {
    const run = this.runs.get(runId) ?? { projectId, pages: new Map<string, number>() };
    this.runs.set(runId, run);
    run.pages.set(signIn, (run.pages.get(signIn) ?? 0) + 1);
    // Who just came wants to know too, so it is told even where the number stays.
    this.plan(runId, run.projectId, true);
    return () => {
      const left = (run.pages.get(signIn) ?? 0) - 1;
      if (left > 0) return run.pages.set(signIn, left);
      run.pages.delete(signIn);
      if (run.pages.size === 0) this.runs.delete(runId);
      this.plan(runId, run.projectId, true);
    };
  }

  /** Another instance says that who watches a run changed there. */
  changedElsewhere(runId: string): void {
    const run = this.runs.get(runId);
    if (run) this.plan(runId, run.projectId, false);
  }

  close(): void {
    clearInterval(this.sharing);
    for (const { timer } of this.planned.values()) clearTimeout(timer);
  }

  private shareAll(): void {
    for (const [runId, run] of this.runs) this.plan(runId, run.projectId, false);
  }

  /** @param isNews whether the others have to hear of it */
  private plan(runId: string, projectId: string, isNews: boolean): void {
    const planned = this.planned.get(runId);
    if (planned) {
      planned.isNews ||= isNews;
      return;
    }
    const timer = setTimeout(() => void this.share(runId, projectId), SETTLES_MS);
    this.planned.set(runId, { timer, isNews });
  }

  private async share(runId: string, projectId: string): Promise<void> {
    const isNews = this.planned.get(runId)?.isNews ?? false;
    this.planned.delete(runId);
    const here = [...(this.runs.get(runId)?.pages.keys() ?? [])];
    const all = await this.others?.shareWatchers(projectId, runId, here, isNews);
    this.tell(runId, new Set([...here, ...(all ?? [])]).size);
  }
}

/** A change is told when things have been quiet for so long: many come and go at once. */
const SETTLES_MS = 250;

/** Who watches which run; each person counts once, however many pages they have open. */
export class Presence {
  private readonly runs = new Map<string, Map<string, number>>();
  private readonly planned = new Map<string, NodeJS.Timeout>();

  constructor(private readonly tell: (runId: string, watchers: number) => void) {}

  /** @returns the end of it, to be called once */
  joined(runId: string, userId: string): () => void {
    const people = this.runs.get(runId) ?? new Map<string, number>();
    this.runs.set(runId, people);
    people.set(userId, (people.get(userId) ?? 0) + 1);
    // Who just came wants to know too, so it is told even where the number stays.
    this.plan(runId);
    return () => this.left(runId, userId, people);
  }

  close(): void {
    for (const timer of this.planned.values()) clearTimeout(timer);
  }

  private left(runId: string, userId: string, people: Map<string, number>): void {
    const pages = (people.get(userId) ?? 0) - 1;
    if (pages > 0) people.set(userId, pages);
    else people.delete(userId);
    if (people.size === 0) this.runs.delete(runId);
    else if (pages === 0) this.plan(runId);
  }

  private plan(runId: string): void {
    if (this.planned.has(runId)) return;
    const timer = setTimeout(() => {
      this.planned.delete(runId);
      this.tell(runId, this.runs.get(runId)?.size ?? 0);
    }, SETTLES_MS);
    this.planned.set(runId, timer);
  }
}

/**
 * Counts the tokens of a UTC day against a limit. In memory, as the parser has no store: a restart begins the day anew,
 * and questions on their way at the same time may overshoot by what they use.
 */
export class DailyTokens {
  private day = '';
  private count = 0;

  constructor(
    private readonly limit: number,
    private readonly now: () => Date = () => new Date(),
  ) {}

  get used(): number {
    const today = this.now().toISOString().slice(0, 10);
    if (today !== this.day) {
      this.day = today;
      this.count = 0;
    }
    return this.count;
  }

  get spent(): boolean {
    return this.used >= this.limit;
  }

  add(tokens: number): void {
    this.count = this.used + tokens;
  }
}

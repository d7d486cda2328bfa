import type { LlmUsage } from '@mallo/contracts';

export type Tokens = { inputTokens: number; outputTokens: number };
/** US dollars of a million tokens. */
export type Prices = { input: number; output: number };

/**
 * Counts the tokens of a UTC day against a limit. In memory, as the parser has no store: a restart begins the day anew,
 * and questions on their way at the same time may overshoot by what they use.
 */
export class DailyUse {
  private day = '';
  private count: Tokens = { inputTokens: 0, outputTokens: 0 };

  constructor(
    private readonly model: string,
    readonly limit: number,
    private readonly prices?: Prices,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** In and out, today. */
  get tokens(): number {
    const { inputTokens, outputTokens } = this.today();
    return inputTokens + outputTokens;
  }

  /** Of today; null where no prices are set. */
  get costUsd(): number | null {
    return this.costOf(this.today());
  }

  get spent(): boolean {
    return this.tokens >= this.limit;
  }

  add(tokens: Tokens): LlmUsage {
    const { inputTokens, outputTokens } = this.today();
    this.count = {
      inputTokens: inputTokens + tokens.inputTokens,
      outputTokens: outputTokens + tokens.outputTokens,
    };
    return { ...tokens, costUsd: this.costOf(tokens), model: this.model };
  }

  private today(): Tokens {
    const today = this.now().toISOString().slice(0, 10);
    if (today !== this.day) {
      this.day = today;
      this.count = { inputTokens: 0, outputTokens: 0 };
    }
    return this.count;
  }

  private costOf({ inputTokens, outputTokens }: Tokens): number | null {
    if (!this.prices) return null;
    return (inputTokens * this.prices.input + outputTokens * this.prices.output) / 1_000_000;
  }
}

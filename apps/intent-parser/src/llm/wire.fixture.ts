/** What a provider says to one question, whichever protocol it speaks. */
export type Saying =
  /** The form, filled. */
  | { form: unknown; usage?: false }
  /** The form, as text that may be no JSON. */
  | { brokenForm: string; usage?: false }
  | { words: string; usage?: false }
  | { refusal: true; usage?: false };

/** An answer in pieces, and how it ends: as it should unless said. */
export type Streamed = {
  pieces: Iterable<string> | AsyncIterable<string>;
  /** The connection breaks; nothing more comes; an error is sent; declined; too long; over without a reason. */
  end?: 'cut' | 'silence' | 'error' | 'refusal' | 'length' | 'nothing';
  usage?: false;
};

/** One of the two protocols, as their providers document them. */
export type Wire = {
  path: string;
  whole(saying: Saying): unknown;
  /** Server-sent events. An answer that is not to end as it should stops before its end. */
  stream(streamed: Streamed): AsyncGenerator<string>;
};

export const TOOL = 'message_reading';
export const USAGE = { in: 700, out: 60 };

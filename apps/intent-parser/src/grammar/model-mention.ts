import type { Family } from './lexicon.js';

/** A model as a message names it. */
export type ModelMention = {
  /** Tokens, [from, to). */
  from: number;
  to: number;
  /** The catalogue's name; undefined for a name that no catalogue has. */
  name?: string;
  /** Only the family was named; `name` is its usual member. */
  familyOnly: boolean;
  family?: Family;
  /** As it was written. */
  text: string;
};

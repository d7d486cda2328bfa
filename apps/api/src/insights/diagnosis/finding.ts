import type { Both } from '../wording/sentence.js';

/** Something to try in the next training. */
export type Suggestion = { code: string; says: Both };

/** Something that was found out about a training, and what to try about it, the most helpful first. */
export type Finding = { code: FindingCode; says: Both; tries: (Suggestion | null)[] };

export type FindingCode =
  | 'diverged'
  | 'worse_than_guessing'
  | 'at_chance'
  | 'barely_moving'
  | 'too_short'
  | 'overfitting'
  | 'gap'
  | 'still_rising'
  | 'frozen_backbone'
  | 'underfitting'
  | 'small_images'
  | 'from_scratch'
  | 'few_images'
  | 'imbalanced'
  | 'plateau'
  | 'near_ceiling';

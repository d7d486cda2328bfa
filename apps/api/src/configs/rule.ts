import type { Situation, Values } from './situation.js';

/** A value, and in one sentence why. */
type Choice<K extends keyof Values = keyof Values> = {
  value: Values[K];
  ko: string;
  en: string;
  /** Where the choice is written down. */
  source?: string;
};
export type Rule = { [K in keyof Values]: { name: K; choose: (situation: Situation) => Choice<K> } }[keyof Values];

export const withCommas = (count: number) => count.toLocaleString('en');

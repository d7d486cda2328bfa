import type { TrainingEvidence } from '../evidence.service.js';
import { type Case, caseOf } from './case.js';
import { fewImages, fromScratch, imbalanced, smallImages } from './data.js';
import type { Finding, FindingCode, Suggestion } from './finding.js';
import { gap, nearCeiling, overfitting, plateau, underfitting } from './generalization.js';
import { atChance, barelyMoving, diverged, stillRising, tooShort, worseThanGuessing } from './optimization.js';

/** What ends a training or keeps it from learning at all comes first; then what costs most; data last. */
const CHECKS: ((training: Case) => Finding | null)[] = [
  diverged,
  worseThanGuessing,
  atChance,
  barelyMoving,
  nearCeiling,
  overfitting,
  gap,
  stillRising,
  tooShort,
  underfitting,
  plateau,
  imbalanced,
  smallImages,
  fromScratch,
  fewImages,
];

/** Findings that another one says better. */
const SAID_BY: Partial<Record<FindingCode, FindingCode[]>> = {
  worse_than_guessing: ['diverged'],
  at_chance: ['diverged', 'worse_than_guessing'],
  barely_moving: ['diverged', 'worse_than_guessing'],
  gap: ['overfitting'],
  plateau: ['overfitting', 'at_chance', 'near_ceiling'],
  underfitting: ['at_chance', 'barely_moving', 'still_rising', 'worse_than_guessing'],
  still_rising: ['near_ceiling'],
  too_short: ['diverged'],
  from_scratch: ['near_ceiling', 'diverged'],
  few_images: ['near_ceiling', 'from_scratch', 'diverged'],
  small_images: ['near_ceiling', 'diverged'],
};

/** What keeps a training from a better accuracy, by its curves, its settings and its data, the weightiest first. */
export function diagnose(evidence: Omit<TrainingEvidence, 'snapshot'>): Finding[] {
  const training = caseOf(evidence);
  const found = CHECKS.flatMap((check) => check(training) ?? []);
  const codes = new Set(found.map(({ code }) => code));
  return found.filter(({ code }) => !SAID_BY[code]?.some((other) => codes.has(other)));
}

/** What to try about these findings, the most helpful first and each once. */
export function suggestionsFor(findings: readonly Finding[]): Suggestion[] {
  const rounds = Math.max(0, ...findings.map(({ tries }) => tries.length));
  const byRank = Array.from({ length: rounds }, (_, rank) => findings.flatMap(({ tries }) => tries[rank] ?? [])).flat();
  return byRank.filter(({ code }, index) => byRank.findIndex((other) => other.code === code) === index);
}

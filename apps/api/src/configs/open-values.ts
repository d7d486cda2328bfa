import type { CardOrigins, Locale, TrainingConfig } from '@mallo/contracts';
import { INPUT_RULES } from './input-rules.js';
import { LEARNING_RULES } from './learning-rules.js';
import { situationOf } from './situation.js';
import type { Surroundings } from './surroundings.js';

/** Said before the reason of a value that changed because of a change by hand. */
const CHOSEN_AGAIN = { ko: '바꾼 것에 맞춰 다시 골랐어요. ', en: 'Chosen again to suit your change. ' };

/** Whether nobody chose the value: not in words, not by hand, not last time. */
function isOpen(origin: CardOrigins, name: string): boolean {
  const from = origin[`hyperparameters.${name}`];
  if (name === 'earlyStoppingPatience') {
    // The parser has a default only where somebody asked for early stopping without a number, and an origin without a
    // value where somebody wants none. Ours has a source.
    return from === undefined || (from.kind === 'default' && from.source !== undefined);
  }
  return from?.kind === 'default' || from?.kind === 'dataset';
}

/**
 * Chooses the values that nobody named as an expert would for this model, dataset and machine, each with its reason,
 * and leaves all others. With `since`, the values before a change by hand, those that followed it say so.
 */
export function chooseOpenValues(
  config: TrainingConfig,
  origin: CardOrigins,
  surroundings: Surroundings,
  locale: Locale,
  since?: TrainingConfig['hyperparameters'],
): void {
  const values = config.hyperparameters;
  for (const { name, choose } of [...INPUT_RULES, ...LEARNING_RULES]) {
    if (!isOpen(origin, name)) continue;
    const choice = choose(situationOf(values, surroundings));
    const again = since && since[name] !== choice.value ? CHOSEN_AGAIN[locale] : '';
    Object.assign(values, { [name]: choice.value });
    const { source } = choice;
    origin[`hyperparameters.${name}`] = {
      kind: 'default',
      reason: again + choice[locale],
      ...(source ? { source } : {}),
    };
  }
}

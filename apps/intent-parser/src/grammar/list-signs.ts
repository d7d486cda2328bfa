import { hasSetting, isQuestion } from './command-signs.js';
import { type Reading, says } from './reading.js';
import { has } from './terms.js';

/** "which model should I use for cats?", "분할에 어떤 모델이 좋아?" */
export function asksAdvice(reading: Reading): boolean {
  if (says(reading, 'mine', 'verb.train') || hasSetting(reading) || !says(reading, 'noun.model')) return false;
  if (namesModelOfThing(reading)) return false;
  return (
    isQuestion(reading) &&
    says(reading, 'verb.list', 'verb.explain') &&
    says(reading, 'advice', 'want.accurate', 'want.light', 'want.fast')
  );
}

export function asksZoo(reading: Reading): boolean {
  const { models, tasks, fields } = reading;
  if (namesModelOfThing(reading)) return false;
  // "models under 5M parameters" and no verb is a search as well.
  const last = reading.terms.findLast((term) => !term.empty);
  const bare =
    !says(reading, 'verb.train', 'verb.make') &&
    (reading.terms.some((term) => has(term, 'noun.model') && /s$/.test(term.text)) ||
      (reading.fields.maxParamsM !== undefined && has(last, 'noun.model')) ||
      (says(reading, 'noun.model') && reading.models.length > 0 && has(last, 'hp.numClasses')));
  if ((!bare && !says(reading, 'verb.list', 'verb.search', 'noun.zoo')) || says(reading, 'mine') || hasSetting(reading))
    return false;
  if (says(reading, 'noun.zoo')) return !says(reading, 'verb.train') || says(reading, 'verb.list', 'verb.search');
  if (!says(reading, 'noun.model') && models.length === 0) return false;
  // "train yolov8s to find balls" searches for nothing.
  const searches = reading.terms.some((term) => has(term, 'verb.search') && !has(term, 'task.find'));
  if (says(reading, 'verb.train') && !isQuestion(reading) && !searches) return false;
  if (says(reading, 'verb.make') && !says(reading, 'verb.search', 'noun.zoo')) return false;
  const constrained =
    reading.source !== undefined ||
    fields.maxParamsM !== undefined ||
    tasks.some((task) => !task.weak) ||
    models.length > 0 ||
    says(reading, 'want.light', 'want.fast', 'want.accurate', 'size.small', 'size.tiny', 'size.large');
  if (
    says(reading, 'verb.search') &&
    reading.datasets.length === 0 &&
    (constrained || tasks.length === 0 || says(reading, 'noun.model'))
  )
    return constrained || !tasks.some((task) => task.weak) || reading.unknown.size === 0;
  return constrained && reading.datasets.length === 0;
}

/** "what model of phone": the model of a product. */
export function namesModelOfThing(reading: Reading): boolean {
  return reading.terms.some((term, at) => term.text === 'model' && reading.terms[at + 1]?.text === 'of');
}

export function asksList(reading: Reading, noun: string): boolean {
  const spoken = reading.terms.filter((term) => !term.empty);
  if (spoken.length === 1 && noun.startsWith('noun.') && says(reading, noun) && reading.text.chars !== 'ai')
    return true;
  if (!says(reading, 'verb.list') || !says(reading, noun) || hasSetting(reading)) return false;
  if (says(reading, 'verb.make', 'verb.start') && !isQuestion(reading)) return false;
  if (reading.fields.found.length > 0 || reading.models.length > 0 || says(reading, 'noun.result')) return false;
  if (namesModelOfThing(reading)) return false;
  // "what model of car" is no question about models.
  if (noun === 'noun.model' && reading.terms.some((term) => term.subjects.length > 0 && term.concepts.length === 0))
    return false;
  return reading.unknown.size < 2;
}

import { hasSetting, isQuestion, namesModelOrRun } from './command-signs.js';
import { type Reading, says } from './reading.js';
import { has } from './terms.js';

const TOPICS = [
  'noun.model',
  'noun.run',
  'noun.dataset',
  'noun.version',
  'noun.scheduler',
  'noun.optimizer',
  'verb.train',
  'verb.quantize',
  'verb.sweep',
  'verb.predict',
  'augmentation',
  'pretrained',
  'backbone',
  'finetune',
  'freeze',
];

/** A word of the field that is no setting: overfitting, IoU. */
function saysTopic(reading: Reading): boolean {
  return [...reading.concepts].some((concept) => concept.startsWith('topic.'));
}

/** "the best seed mix for goldfinches in winter": a word of the field among things and words that are none of it. */
function isOfThings(reading: Reading): boolean {
  const { models, tasks, datasets, unknown } = reading;
  const ofField = models.length + tasks.length > 0 || says(reading, ...TOPICS, 'noun.image');
  return !ofField && !saysTopic(reading) && unknown.size > 1 && datasets.some((hit) => !hit.exact);
}

/** "the train schedule from Seoul to Daejeon": between two ends that are no values and nothing of the project. */
function isOfPlaces({ terms, unknown, models, datasets }: Reading): boolean {
  const isForeign = (at: number) => terms[at] !== undefined && unknown.has(terms[at]);
  const between = terms.some(
    ({ text }, at) => text === 'from' && isForeign(at + 1) && terms[at + 2]?.text === 'to' && isForeign(at + 3),
  );
  return between && models.length + datasets.length === 0;
}

export function asksExplanation(reading: Reading): boolean {
  if (isOfThings(reading) || isOfPlaces(reading)) return false;
  // "배치 크기는 얼마가 좋아?"
  const quantity = [...reading.concepts].some((concept) => concept.startsWith('hp.'));
  if (quantity && says(reading, 'advice') && isQuestion(reading) && reading.unknown.size < 2) return true;
  // "batchnorm?"
  const spoken = reading.terms.filter((term) => !term.empty && term.text !== '?');
  const [word] = spoken;
  if (
    spoken.length === 1 &&
    word &&
    !word.number &&
    reading.text.chars.includes('?') &&
    (saysTopic(reading) || quantity)
  )
    return true;
  // "adam or sgd?"
  const choices = new Set(
    reading.terms.flatMap((term) => term.concepts.filter((id) => /^(optimizer|scheduler)\./.test(id))),
  );
  const bare =
    reading.models.length + reading.datasets.length + reading.tasks.length === 0 &&
    !says(reading, 'verb.train', 'verb.try');
  if (choices.size > 1 && bare && isQuestion(reading)) return true;
  // "is my model overfitting?"
  const own = says(reading, 'mine', 'noun.model') || namesModelOrRun(reading);
  if (
    isQuestion(reading) &&
    saysTopic(reading) &&
    own &&
    !says(reading, 'verb.explain', 'verb.train', 'verb.list', 'verb.compare')
  )
    return !hasSetting(reading) && !says(reading, 'noun.result', 'verb.predict', 'verb.benchmark', 'verb.status');
  if (!says(reading, 'verb.explain', 'howto')) return false;
  const topic =
    reading.models.length > 0 ||
    reading.tasks.length > 0 ||
    saysTopic(reading) ||
    says(reading, ...TOPICS) ||
    [...reading.concepts].some((concept) => /^(hp|optimizer|scheduler|precision|alias)\./.test(concept)) ||
    [...reading.ownModels, ...reading.ownRuns].some((hit) => hit.exact || hit.score > 4);
  if (!topic) return false;
  // "how do I start a training" is asked by who wants to be shown around.
  if (
    says(reading, 'howto') &&
    !saysTopic(reading) &&
    reading.models.length === 0 &&
    reading.tasks.length === 0 &&
    ![...reading.concepts].some((concept) => concept.startsWith('hp.'))
  )
    return false;
  const why = reading.terms.some(
    (term) =>
      has(term, 'verb.explain') &&
      (has(term, 'ask.why') || ['explain', '설명', '설명해', '설명하다', 'explanation'].includes(term.text)),
  );
  // "what are my models" asks for a list, "what is the status" for a run's.
  return (
    why ||
    (!says(reading, 'mine', 'verb.status', 'noun.zoo') &&
      reading.fields.quantities.length === 0 &&
      !(says(reading, 'verb.list') && asksAboutThings(reading)))
  );
}

function asksAboutThings(reading: Reading): boolean {
  return (
    reading.terms.some((term) => has(term, 'noun.model', 'noun.dataset', 'noun.run')) &&
    reading.models.length === 0 &&
    !reading.terms.some((term) => term.concepts.some((concept) => concept.startsWith('hp.')))
  );
}

export function asksHelp(reading: Reading): boolean {
  if (!says(reading, 'verb.help') || saysTopic(reading)) return false;
  const { fields, models, tasks, datasets } = reading;
  if (fields.found.length > 0 || models.length > 0 || datasets.length > 0 || namesModelOrRun(reading)) return false;
  const wantsTraining = says(reading, 'verb.train') && says(reading, 'verb.make', 'noun.model') && !isHowTo(reading);
  // "help" alone is asked of anyone about anything; "what can you do" is not.
  const about =
    says(reading, 'noun.dataset', 'noun.model', 'noun.run', 'verb.train', 'verb.start', 'verb.predict') ||
    reading.terms.length < 5;
  if (
    says(reading, 'howto') &&
    (!about || reading.terms.some((term) => term.subjects.length > 0 && term.concepts.length === 0))
  )
    return false;
  const vague = reading.terms
    .filter((term) => has(term, 'verb.help'))
    .every((term) =>
      ['help', '돕다', '도와주다', '도움', '가이드', 'guide', 'instructions', '누구', 'manual'].includes(term.text),
    );
  // "help me move house"
  const stray = reading.terms.some((term) => term.subjects.length > 0 && term.concepts.length === 0);
  return (
    !(vague && stray) &&
    !tasks.some((task) => !task.weak) &&
    !wantsTraining &&
    reading.unknown.size < (vague || says(reading, 'howto') ? 1 : 3)
  );
}

function isHowTo(reading: Reading): boolean {
  return reading.terms.some((term) => ['어떻게', 'how', '법', '방법'].includes(term.text)) || isQuestion(reading);
}

/** "what can helmet-yolo detect?": a question about something of the project, of no kind of its own. */
export function asksAboutOwn(reading: Reading): boolean {
  if (!isQuestion(reading) || says(reading, 'verb.train') || reading.fields.found.length > 0) return false;
  return [...reading.ownModels, ...reading.ownRuns].some((hit) => hit.exact);
}

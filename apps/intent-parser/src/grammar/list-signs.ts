import { hasSetting, isQuestion } from './command-signs.js';
import { means, type Reading, says } from './reading.js';
import { has } from './terms.js';

/** What does a task, as a person asks for one. */
export const AGENTS = new Set(['detector', 'classifier', 'segmenter', '탐지기', '분류기', '검출기', 'backbone']);

/** "which model should I use for cats?", "분할에 어떤 모델이 좋아?" */
export function asksAdvice(reading: Reading): boolean {
  const agent = reading.terms.some((term) => AGENTS.has(term.text));
  if (says(reading, 'mine', 'verb.train') || hasSetting(reading) || !(agent || says(reading, 'noun.model')))
    return false;
  if (namesModelOfThing(reading)) return false;
  return (
    isQuestion(reading) &&
    says(reading, 'verb.list', 'verb.explain') &&
    reading.ownModels.every((hit) => !hit.exact) &&
    (says(reading, 'advice', 'want.accurate', 'want.light', 'want.fast') ||
      reading.terms.some((term) => term.text === 'good'))
  );
}

/** "resnet50 is what I meant": says which, and asks for nothing. */
function isCleft(reading: Reading): boolean {
  return /\b(?:is|was|that's|thats) (?:what|the one|which) (?:i|we)\b/.test(reading.text.chars);
}

export function asksZoo(reading: Reading): boolean {
  const { models, tasks, fields } = reading;
  if (namesModelOfThing(reading) || isCleft(reading)) return false;
  // "anything transformer-based for detection?"
  const any = reading.terms.some((term) => ['anything', 'any', '뭐', '아무거나'].includes(term.text));
  if (any && isQuestion(reading) && says(reading, 'topic.transformer', 'topic.convolution')) return true;
  // "models under 5M parameters" and no verb is a search as well.
  const last = reading.terms.findLast((term) => !term.empty);
  const bare =
    !says(reading, 'verb.train', 'verb.make') &&
    (reading.terms.some((term) => has(term, 'noun.model') && /s$/.test(term.text)) ||
      ((isQuestion(reading) || fields.maxParamsM !== undefined) &&
        reading.models.some((model) => model.familyOnly && /[a-z]{3}s$/.test(model.text))) ||
      (reading.fields.maxParamsM !== undefined && has(last, 'noun.model')) ||
      (says(reading, 'noun.model') && reading.models.length > 0 && has(last, 'hp.numClasses')));
  const limited = fields.maxParamsM !== undefined && isQuestion(reading);
  if (
    (!bare && !limited && !says(reading, 'verb.list', 'verb.search', 'noun.zoo')) ||
    says(reading, 'mine') ||
    hasSetting(reading)
  )
    return false;
  // "got anything under 1M params?"
  if (
    reading.fields.maxParamsM !== undefined &&
    isQuestion(reading) &&
    !says(reading, 'verb.train') &&
    reading.datasets.length === 0
  )
    return true;
  if (says(reading, 'noun.zoo')) return !says(reading, 'verb.train') || says(reading, 'verb.list', 'verb.search');
  if (
    !says(reading, 'noun.model') &&
    models.length === 0 &&
    !(says(reading, 'backbone') && says(reading, 'verb.search'))
  )
    return false;
  // "train yolov8s to find balls" searches for nothing.
  const searches = reading.terms.some((term) => has(term, 'verb.search') && !has(term, 'task.find'));
  if (says(reading, 'verb.train') && !isQuestion(reading) && !searches) return false;
  if (says(reading, 'verb.make') && !says(reading, 'verb.search', 'noun.zoo')) return false;
  const constrained =
    reading.source !== undefined ||
    fields.maxParamsM !== undefined ||
    tasks.some((task) => !task.weak) ||
    models.length > 0 ||
    says(reading, 'want.light', 'want.fast', 'want.accurate', 'size.small', 'size.tiny', 'size.large') ||
    says(reading, 'topic.transformer', 'topic.convolution');
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
  // "my experiments"
  const ofMine =
    spoken.length === 2 && spoken.some((term) => has(term, 'mine', 'all')) && spoken.some((term) => has(term, noun));
  if (ofMine && noun.startsWith('noun.') && !says(reading, 'verb.train')) return true;
  // "any runs yet?"
  const wonders = isQuestion(reading) && reading.terms.some((term) => term.text === 'any');
  if (!(wonders || says(reading, 'verb.list')) || !says(reading, noun) || hasSetting(reading)) return false;
  if (means(reading, 'verb.make', 'verb.start') && !isQuestion(reading)) return false;
  if (reading.fields.found.length > 0 || reading.models.length > 0 || says(reading, 'noun.result')) return false;
  if (namesModelOfThing(reading)) return false;
  // "what model of car" is no question about models.
  if (noun === 'noun.model' && reading.terms.some((term) => term.subjects.length > 0 && term.concepts.length === 0))
    return false;
  return reading.unknown.size < (reading.language === 'ko' && noun === 'noun.model' ? 1 : 2);
}

const LISTS = ['목록', '리스트', '내역', '이력', 'list', 'history'];

/** "학습 목록", "런 리스트": what is trained, with nothing but a word for a list behind it. */
export function namesListOfRuns(reading: Reading): boolean {
  const spoken = reading.terms.filter((term) => !term.empty && !has(term, 'mine', 'all'));
  const [what, list, verb] = spoken;
  const shows = verb === undefined || (has(verb, 'verb.list') && spoken.length === 3);
  return has(what, 'verb.train', 'noun.run') && LISTS.includes(list?.text ?? '') && shows;
}

/** "what versions does cats-resnet50 have?", "어떤 모델이 챔피언이야?" */
export function asksVersions(reading: Reading): boolean {
  if (!isQuestion(reading) && !says(reading, 'verb.list')) return false;
  if (says(reading, 'verb.compare', 'verb.promote', 'verb.rollback', 'verb.train') || hasSetting(reading)) return false;
  const versions =
    says(reading, 'noun.version') && says(reading, 'ask.what', 'verb.list') && reading.ownModels.length > 0;
  const champion =
    says(reading, 'alias.champion', 'alias.production') &&
    says(reading, 'noun.model', 'noun.version') &&
    says(reading, 'ask.what');
  return (versions || champion) && !reading.tokens.some((token) => token.kind === 'version');
}

/** "is anything training at the moment?", "지금 뭐 돌아가고 있어?" */
export function asksRunning(reading: Reading): boolean {
  // "뭐뭐 학습했지?"
  const what = reading.terms.some((term) => has(term, 'ask.what') || ['뭐뭐', '뭘'].includes(term.text));
  const trained = reading.terms.some((term) => has(term, 'verb.train') && term.describes);
  const unnamed = reading.ownRuns.length + reading.models.length + reading.datasets.length === 0;
  if (
    what &&
    trained &&
    unnamed &&
    isQuestion(reading) &&
    !says(reading, 'noun.model', 'noun.settings', 'ask.why', 'noun.result') &&
    reading.unknown.size < 2
  )
    return true;
  // "everything I have trained so far"
  const mine = /\b(?:everything|all|what) (?:that )?(?:i|we)(?:'ve| have)? (?:trained|run|ran)\b/.test(
    reading.text.chars,
  );
  if (mine && unnamed) return true;
  const something = reading.terms.some((term) =>
    ['anything', '뭐', '뭐가', '뭔가', '어떤거', '아무거나'].includes(term.text),
  );
  return (
    something &&
    isQuestion(reading) &&
    says(reading, 'running', 'verb.train') &&
    !says(reading, 'verb.make') &&
    reading.ownRuns.length === 0 &&
    reading.models.length + reading.datasets.length === 0 &&
    reading.unknown.size < 2
  );
}

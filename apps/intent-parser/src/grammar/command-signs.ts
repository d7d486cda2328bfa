import { type ContextRun, means, type Project, type Reading, says } from './reading.js';
import { has } from './terms.js';

export function isQuestion(reading: Reading): boolean {
  return (
    reading.terms.some((term) => term.text === '?') ||
    /(나요|까요|까|니|어|(?<![탐감])지|죠|냐)$/.test(reading.text.chars.trim())
  );
}

/** Words that mean nothing to the grammar make it likelier that the sentence is about something else. */
export function isForeign(reading: Reading): boolean {
  return (
    reading.unknown.size > 2 &&
    reading.unknown.size > reading.terms.filter((term) => term.concepts.length > 0 || term.number).length
  );
}

/** Whether something is there for a command to act on: a run, a model, a training. */
export function hasObject(reading: Reading): boolean {
  if (says(reading, 'noun.run', 'noun.model', 'verb.train', 'pronoun', 'running', 'noun.version', 'latest', 'all'))
    return true;
  if (reading.models.length > 0 || reading.fields.found.length > 0) return true;
  if (reading.ownRuns.length > 0 || reading.ownModels.length > 0) return true;
  // "멈춰!", "stop" and nothing else.
  return (
    reading.unknown.size === 0 && reading.terms.every((term) => term.subjects.length === 0 || term.concepts.length > 0)
  );
}

export function namesModelOrRun(reading: Reading): boolean {
  return reading.ownModels.length > 0 || reading.ownRuns.length > 0;
}

/** A message that gives values for a training is no command about a run. */
export function hasSetting(reading: Reading): boolean {
  return reading.fields.found.some((found) => found.path !== 'numClasses');
}

export function asksPrediction(reading: Reading): boolean {
  if (
    reading.terms.some((term) => ['테스트', 'test', 'tryout'].includes(term.text)) &&
    says(reading, 'noun.image') &&
    reading.ownModels.some((hit) => hit.exact)
  )
    return true;
  if (!means(reading, 'verb.predict')) return false;
  if (says(reading, 'verb.explain') && !says(reading, 'noun.image', 'this.image')) return false;
  return (
    !says(reading, 'noun.dataset') &&
    reading.fields.found.length === 0 &&
    (hasObject(reading) || says(reading, 'noun.image', 'this.image'))
  );
}

export function asksSweep(reading: Reading): boolean {
  if (reading.fields.several.length > 0) return true;
  const exact = new Set(reading.models.filter((model) => !model.familyOnly && model.name).map((model) => model.name));
  const onData =
    says(reading, 'verb.train', 'noun.dataset') || (reading.datasets.length > 0 && !namesModelOrRun(reading));
  const alternatives = reading.terms.some((term) => ['or', '아니면', '또는', '혹은'].includes(term.text));
  const several = says(reading, 'verb.try', 'verb.compare', 'verb.sweep') || (exact.size > 2 && !alternatives);
  if (exact.size > 1 && several && onData) return true;
  const choices = ['optimizer.', 'scheduler.'].some(
    (prefix) =>
      new Set(reading.terms.flatMap((term) => term.concepts.filter((concept) => concept.startsWith(prefix)))).size > 1,
  );
  if (choices && says(reading, 'verb.try', 'verb.compare', 'verb.sweep', 'all') && !says(reading, 'verb.explain'))
    return true;
  if (!means(reading, 'verb.sweep') || says(reading, 'head.only', 'backbone')) return false;
  return !says(reading, 'verb.explain') && (reading.unknown.size < 3 || hasObject(reading));
}

export function asksComparison(reading: Reading, project: Project): boolean {
  const full = new Set(reading.ownRuns.filter((hit) => hit.exact).map((hit) => hit.item.id));
  if (full.size > 1 && isQuestion(reading) && !says(reading, 'verb.train')) return true;
  if (!means(reading, 'verb.compare', 'vs')) return false;
  const ids = runsById(reading, project).length;
  const named = reading.ownRuns.length + reading.ownModels.length + ids;
  if (means(reading, 'verb.compare'))
    return (
      named > 0 ||
      reading.models.length > 1 ||
      says(reading, 'noun.run', 'noun.model', 'noun.version', 'pronoun', 'latest', 'verb.train')
    );
  // "persian vs siamese on cats, resnet50" lists classes and names a network to train.
  const exact = ids > 1 || [...reading.ownRuns, ...reading.ownModels].some((hit) => hit.exact);
  return named > 1 && (exact || reading.models.length === 0) && !reading.tasks.some((task) => !task.weak);
}

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

export function asksExplanation(reading: Reading): boolean {
  // "배치 크기는 얼마가 좋아?"
  const quantity = [...reading.concepts].some((concept) => concept.startsWith('hp.'));
  if (quantity && says(reading, 'advice') && isQuestion(reading) && reading.unknown.size < 2) return true;
  // "is my model overfitting?"
  const own = says(reading, 'mine', 'noun.model') || namesModelOrRun(reading);
  if (
    isQuestion(reading) &&
    says(reading, 'topic') &&
    own &&
    !says(reading, 'verb.explain', 'verb.train', 'verb.list', 'verb.compare')
  )
    return !hasSetting(reading) && !says(reading, 'noun.result', 'verb.predict', 'verb.benchmark', 'verb.status');
  if (!says(reading, 'verb.explain', 'howto')) return false;
  const topic =
    reading.models.length > 0 ||
    reading.tasks.length > 0 ||
    says(reading, 'topic', ...TOPICS) ||
    [...reading.concepts].some((concept) => /^(hp|optimizer|scheduler|precision|alias)\./.test(concept)) ||
    [...reading.ownModels, ...reading.ownRuns].some((hit) => hit.exact || hit.score > 4);
  if (!topic) return false;
  // "how do I start a training" is asked by who wants to be shown around.
  if (
    says(reading, 'howto') &&
    !says(reading, 'topic') &&
    reading.models.length === 0 &&
    reading.tasks.length === 0 &&
    ![...reading.concepts].some((concept) => concept.startsWith('hp.'))
  )
    return false;
  const why = reading.terms.some(
    (term) =>
      has(term, 'verb.explain') &&
      ['why', '왜', 'explain', '설명', '설명해', '어째서', 'howcome', '이유', '원인', 'reason', 'explanation'].includes(
        term.text,
      ),
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
  if (!says(reading, 'verb.help')) return false;
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
      ['help', '도와', '도와줘', '도움', '가이드', 'guide', 'instructions', '누구', 'manual'].includes(term.text),
    );
  return (
    !tasks.some((task) => !task.weak) &&
    !wantsTraining &&
    reading.unknown.size < (vague || says(reading, 'howto') ? 1 : 3)
  );
}

function isHowTo(reading: Reading): boolean {
  return reading.terms.some((term) => ['어떻게', 'how', '법', '방법'].includes(term.text)) || isQuestion(reading);
}

/** "마지막 학습 결과 어때?", "what was the accuracy of cats-resnet50?" */
export function asksResult(reading: Reading): boolean {
  if (!says(reading, 'noun.result') || hasSetting(reading) || says(reading, 'verb.make', 'want.accurate', 'howto'))
    return false;
  const ofRun = reading.ownRuns.length > 0 || (says(reading, 'latest') && says(reading, 'noun.run', 'verb.train'));
  return ofRun && (isQuestion(reading) || says(reading, 'verb.list'));
}

export function asksQuantization(reading: Reading): boolean {
  // "train mobilenet on cats and quantize it" begins with the training.
  if (says(reading, 'verb.train') && reading.models.length > 0 && reading.datasets.length > 0) return false;
  // "convert cats-resnet50 to fp16": what is registered already is not trained anew.
  if (says(reading, 'verb.convert') && says(reading, 'precision.fp16') && namesModelOrRun(reading)) return true;
  if (means(reading, 'verb.quantize')) return hasObject(reading);
  // "squeeze helmet-yolo down to fp16": whatever the verb, a finished model is given another precision.
  if (
    says(reading, 'precision.int8', 'precision.fp16') &&
    reading.ownModels.some((hit) => hit.exact) &&
    !says(reading, 'verb.train', 'verb.benchmark', 'verb.compare') &&
    reading.fields.found.every((found) => found.path === 'hyperparameters.precision')
  )
    return true;
  return (
    says(reading, 'precision.int8') &&
    (says(reading, 'verb.convert', 'verb.make', 'verb.change') || namesModelOrRun(reading))
  );
}

/** "what can helmet-yolo detect?": a question about something of the project, of no kind of its own. */
export function asksAboutOwn(reading: Reading): boolean {
  if (!isQuestion(reading) || says(reading, 'verb.train') || reading.fields.found.length > 0) return false;
  return [...reading.ownModels, ...reading.ownRuns].some((hit) => hit.exact);
}

/** "show run_7": one run is named, so its state is wanted, not the list. */
export function showsRun(reading: Reading, project: Project): boolean {
  return says(reading, 'verb.list') && namesRun(reading, project) && !says(reading, 'verb.train', 'verb.explain');
}

function namesRun(reading: Reading, project: Project): boolean {
  if (reading.ownRuns.some((hit) => hit.exact)) return true;
  return runsById(reading, project).length > 0;
}

/** Runs whose id stands in the message. */
function runsById(reading: Reading, project: Project): ContextRun[] {
  return (project.context.runs ?? []).filter(
    (run) => run.id.length > 3 && reading.text.chars.includes(run.id.toLowerCase()),
  );
}

/** "shut the run down", "turn it off": a verb whose second half stands behind its object. */
export function asksStop(reading: Reading): boolean {
  if (means(reading, 'verb.stop')) return true;
  const shut = reading.terms.findIndex((term) => ['shut', 'shutting'].includes(term.text));
  return shut >= 0 && reading.terms.slice(shut + 1, shut + 9).some((term) => ['down', 'off'].includes(term.text));
}

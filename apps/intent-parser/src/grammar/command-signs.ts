import { isNegated } from './negation.js';
import { COMMANDS, means, type Project, type Reading, says } from './reading.js';
import { namesNewest, runsById } from './references.js';
import { has } from './terms.js';

export function isQuestion(reading: Reading): boolean {
  return (
    reading.terms.some((term) => term.text === '?') ||
    /^(what|why|who|when|where|which|how)\b/.test(reading.text.chars.trim()) ||
    /(나요|까요|까|니|어|(?<![탐감])지|죠|냐)$/.test(reading.text.chars.trim())
  );
}

/** Words that mean nothing to the grammar make it likelier that the sentence is about something else. */
export function isForeign(reading: Reading): boolean {
  // "stop training for the marathon"
  const elsewhere = reading.terms.some(
    (term, at) => term.text === 'for' && reading.terms.slice(at + 1, at + 3).some((next) => reading.unknown.has(next)),
  );
  if ((elsewhere || says(reading, 'other.domain')) && !namesModelOrRun(reading)) return true;
  return (
    reading.unknown.size > 2 &&
    reading.unknown.size > reading.terms.filter((term) => term.concepts.length > 0 || term.number).length
  );
}

/** Whether something is there for a command to act on: a run, a model, a training. */
// What may stand beside "stop" where nothing else is said; "turn off the lights" is of lights.
const OF_NOTHING =
  /^(verb\.|pronoun|all|latest|earlier|affirm|deny|only|again|word\.back|undo|correction|and|failed|completed|running|ask\.|neg\.|pos\.|alias\.|mine|advice|adjective|howto|want\.fast|limit\.|range\.|ordinal|precision\.|backend\.)/;

export function hasObject(reading: Reading): boolean {
  if (says(reading, 'noun.run', 'noun.model', 'running', 'noun.version')) return true;
  // 학습, "training"; the 걸어 of "브레이크 걸어" is none.
  if (reading.terms.some((term) => has(term, 'verb.train') && !/^[가-힣]+다$/.test(term.text))) return true;
  if (reading.models.length > 0 || reading.fields.found.length > 0) return true;
  if (reading.ownRuns.length + reading.ownModels.length + reading.missedThings.length > 0) return true;
  // "멈춰!", "stop that" and nothing else; "cancel all my meetings" is about something else.
  return (
    reading.unknown.size === 0 &&
    reading.terms.every(
      (term) => term.empty || term.number || term.concepts.some((concept) => OF_NOTHING.test(concept)),
    )
  );
}

export function namesModelOrRun(reading: Reading): boolean {
  return reading.ownModels.length > 0 || reading.ownRuns.length > 0;
}

/** A message that gives values for a training is no command about a run. */
export function hasSetting(reading: Reading): boolean {
  return reading.fields.found.some((found) => found.path !== 'numClasses');
}

/** "산호 건강 상태 분류": a state that is to be told apart, not that of a run. */
export function classifiesStates(reading: Reading): boolean {
  return reading.terms.some((term, at) => {
    if (!['상태', '상황', 'status'].includes(term.text)) return false;
    const next = reading.terms.slice(at + 1, at + 3).find((one) => !one.empty);
    return has(next, 'task.classification', 'task.detection', 'task.segmentation', 'task.anomaly_detection');
  });
}

const TUNES = new Set(['튜닝', 'tune', 'tuning']);

export function asksSweep(reading: Reading): boolean {
  if (reading.fields.several.length > 0) return true;
  // "effb0 고양이랑 resnet50 고양이 성적 비교" is of what was trained already.
  if (
    says(reading, 'noun.result') &&
    !says(reading, 'verb.train') &&
    reading.ownRuns.length > 1 &&
    reading.fields.several.length === 0
  )
    return false;
  // "resnet50으로 한 학습하고 effb0으로 한 거 누가 이겼어?"
  const past = reading.terms.some((term) => term.describes && has(term, 'verb.compare', 'verb.train'));
  if (
    past &&
    isQuestion(reading) &&
    reading.ownRuns.length > 1 &&
    says(reading, 'verb.compare') &&
    reading.fields.several.length === 0
  )
    return false;
  const ownNames = [...reading.ownRuns, ...reading.ownModels].filter((hit) => hit.exact);
  const exact = new Set(
    reading.models
      .filter(
        (model) =>
          !model.familyOnly && model.name && !ownNames.some((own) => own.from <= model.from && own.to >= model.to),
      )
      .map((model) => model.name),
  );
  const onData = says(reading, 'verb.train', 'noun.dataset') || (reading.datasets.length > 0 && ownNames.length === 0);
  const alternatives = reading.terms.some((term) => ['or', '아니면', '또는', '혹은'].includes(term.text));
  const several = says(reading, 'verb.try', 'verb.compare', 'verb.sweep') || (exact.size > 2 && !alternatives);
  if (exact.size > 1 && several && onData) return true;
  const choices = ['optimizer.', 'scheduler.'].some(
    (prefix) =>
      new Set(reading.terms.flatMap((term) => term.concepts.filter((concept) => concept.startsWith(prefix)))).size > 1,
  );
  const bare =
    reading.models.length + reading.datasets.length + reading.tasks.length === 0 &&
    !says(reading, 'verb.train', 'verb.try');
  if (choices && !bare && namesTwo(reading)) return true;
  if (
    choices &&
    !bare &&
    says(reading, 'verb.try', 'verb.compare', 'verb.sweep', 'all', 'ask.best', 'ask.better') &&
    !says(reading, 'verb.explain')
  )
    return true;
  if (!means(reading, 'verb.sweep') || says(reading, 'head.only', 'backbone')) return false;
  // "이미지넷 가중치로 시작해서 튜닝" tunes the weights, not the settings.
  const tunesSettings =
    says(reading, 'topic.hyperparameter', 'hp.trials', 'noun.settings', 'advice') ||
    reading.fields.trials !== undefined;
  if (
    says(reading, 'pretrained', 'finetune', 'scratch') &&
    !tunesSettings &&
    reading.terms.every((term) => !has(term, 'verb.sweep') || TUNES.has(term.text))
  )
    return false;
  return !says(reading, 'verb.explain') && (reading.unknown.size < 3 || hasObject(reading));
}

/** "sgd랑 adamw만 바꿔서": two optimizers or schedules joined by "and", neither of them denied or replaced. */
function namesTwo({ terms }: Reading): boolean {
  const places = terms.flatMap((term, at) =>
    term.concepts.some((id) => /^(optimizer|scheduler)\./.test(id)) && !isNegated(terms, at) ? [at] : [],
  );
  return places.some((at, i) => {
    const next = places[i + 1];
    if (next === undefined || terms[at]?.concepts[0]?.split('.')[0] !== terms[next]?.concepts[0]?.split('.')[0])
      return false;
    const between = terms.slice(at + 1, next);
    const joins = (text: string) => ['랑', '이랑', '와', '과', '하고', 'and', '&', '및'].includes(text);
    return between.length > 0 && between.length < 3 && between.every((term) => joins(term.text));
  });
}

export function asksComparison(reading: Reading, project: Project): boolean {
  const full = new Set(reading.ownRuns.filter((hit) => hit.exact).map((hit) => hit.item.id));
  if (full.size > 1 && isQuestion(reading) && !says(reading, 'verb.train')) return true;
  const better =
    says(reading, 'of.these') && says(reading, 'ask.best', 'ask.better', 'advice', 'want.accurate', 'want.fast');
  if (better && reading.ownRuns.length > 1 && (isQuestion(reading) || full.size > 1)) return true;
  // "which docs run has better accuracy"
  const which = /^(which|어떤|어느)/.test(reading.text.chars.trim()) && says(reading, 'ask.better', 'verb.compare');
  if (which && says(reading, 'noun.run', 'verb.train') && reading.ownRuns.filter((hit) => hit.score >= 3).length > 1)
    return true;
  // "mobilenet or resnet18, show me the numbers of both runs"
  const both = says(reading, 'of.these') && says(reading, 'noun.run') && !says(reading, 'verb.train');
  if (both && reading.ownRuns.length > 1 && !hasSetting(reading)) return true;
  if (!means(reading, 'verb.compare', 'vs')) return false;
  // "resnet50이랑 efficientnet 차이가 뭐야?"
  const differ =
    says(reading, 'verb.explain') &&
    reading.ownRuns.every((hit) => !hit.exact) &&
    reading.ownModels.every((hit) => !hit.exact);
  if (differ && reading.models.length > 1 && !says(reading, 'noun.run', 'mine')) return false;
  const ids = runsById(reading, project).length;
  const named = reading.ownRuns.length + reading.ownModels.length + ids;
  // "비교해줘" and nothing else.
  const spoken = reading.terms.filter((term) => !term.empty);
  if (
    spoken.length < 3 &&
    reading.unknown.size === 0 &&
    spoken.every((term) => term.concepts.length > 0 && term.subjects.length === 0) &&
    spoken.some((term) => ['compare', 'comparison', '비교', '비교해', '대조'].includes(term.text))
  )
    return true;
  // "cats are better than dogs" compares no runs.
  const two = named > 1 && (says(reading, 'all', 'of.these') || reading.terms.some((term) => term.number?.value === 2));
  if (two && isQuestion(reading) && says(reading, 'ask.what') && !says(reading, 'verb.train')) return true;
  const strong = two || ids > 0 || [...reading.ownRuns, ...reading.ownModels].some((hit) => hit.exact || hit.score > 4);
  if (means(reading, 'verb.compare'))
    return (
      strong ||
      reading.models.length > 1 ||
      says(reading, 'noun.run', 'noun.model', 'noun.version', 'pronoun', 'latest', 'verb.train')
    );
  // "persian vs siamese on cats, resnet50" lists classes and names a network to train.
  const exact = ids > 1 || [...reading.ownRuns, ...reading.ownModels].some((hit) => hit.exact);
  return named > 1 && (exact || reading.models.length === 0) && !reading.tasks.some((task) => !task.weak);
}

/** "show run_7": one run is named, so its state is wanted, not the list. */
export function showsRun(reading: Reading, project: Project): boolean {
  const named = namesRun(reading, project) || namesNewest(reading);
  return says(reading, 'verb.list') && named && !says(reading, 'verb.train', 'verb.explain');
}

function namesRun(reading: Reading, project: Project): boolean {
  if (reading.ownRuns.some((hit) => hit.exact)) return true;
  return runsById(reading, project).length > 0;
}

/** "run_7 내려": taken down, where a run is named. */
function takesDown(reading: Reading): boolean {
  return (
    reading.terms.some((term) => term.text === '내리다') &&
    reading.ownRuns.some((hit) => hit.exact) &&
    !says(reading, 'noun.version', 'noun.model') &&
    reading.fields.found.length === 0
  );
}

/** "shut the run down", "turn it off": a verb whose second half stands behind its object. */
export function asksStop(reading: Reading): boolean {
  if (means(reading, 'verb.stop') || takesDown(reading)) return true;
  const shut = reading.terms.findIndex((term) => ['shut', 'shutting'].includes(term.text));
  return shut >= 0 && reading.terms.slice(shut + 1, shut + 9).some((term) => ['down', 'off'].includes(term.text));
}

/** "pick cats-effb0 back up", "start cats-effb0 again": a run that ended is to go on. */
export function picksUp(reading: Reading): boolean {
  const { terms } = reading;
  if ((reading.ownRuns.length === 0 && !says(reading, 'failed')) || reading.fields.found.length > 0) return false;
  const pick = terms.findIndex((term) => ['pick', 'bring', 'get'].includes(term.text));
  if (pick >= 0 && terms.slice(pick, pick + 9).some((term) => ['up', 'again'].includes(term.text))) return true;
  return says(reading, 'again') && says(reading, 'verb.start') && reading.ownRuns.some((hit) => hit.exact);
}

/** "마지막 학습 결과 어때?", "what was the accuracy of cats-resnet50?", "results for run_6" */
export function asksResult(reading: Reading): boolean {
  if (hasSetting(reading) || says(reading, 'verb.make', 'howto', 'ask.why', 'ask.next')) return false;
  // "kill helmet-yolo, loss exploded"
  if (means(reading, ...COMMANDS)) return false;
  if (says(reading, 'verb.train') && reading.ownRuns.length === 0 && !says(reading, 'latest', 'newest')) return false;
  const exact = reading.ownRuns.some((hit) => hit.exact);
  // "how accurate is cats-effb0?"
  if (exact && isQuestion(reading) && says(reading, 'want.accurate') && reading.models.length < 2) return true;
  if (!says(reading, 'noun.result') || says(reading, 'want.accurate', 'topic.overfitting')) return false;
  if (says(reading, 'running') && isQuestion(reading) && reading.terms.length < 9) return true;
  const ofRun =
    reading.ownRuns.length > 0 ||
    (says(reading, 'latest', 'running', 'pronoun') && says(reading, 'noun.run', 'verb.train'));
  // "마지막 학습 결과"
  const newest = (namesNewest(reading) || says(reading, 'latest')) && reading.terms.length < 5;
  return newest || (ofRun && (exact || isQuestion(reading) || says(reading, 'verb.list')));
}

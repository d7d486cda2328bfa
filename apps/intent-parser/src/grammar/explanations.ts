import type { ExplainArguments, ExplainTopic, Origins } from '@mallo/contracts';
import { isQuestion } from './command-signs.js';
import { type Project, type Reading, says, spanOf, termSpan } from './reading.js';
import { meansNewest, runsById } from './references.js';
import { has, type Term } from './terms.js';
import { say } from './wording.js';

// The field's English for what the lexicon's own ids do not say.
const CONCEPTS: Record<string, string> = {
  'hp.epochs': 'epoch',
  'hp.batchSize': 'batch size',
  'hp.learningRate': 'learning rate',
  'hp.imageSize': 'image size',
  'hp.weightDecay': 'weight decay',
  'hp.momentum': 'momentum',
  'hp.dropout': 'dropout',
  'hp.labelSmoothing': 'label smoothing',
  'hp.seed': 'seed',
  'hp.earlyStoppingPatience': 'early stopping',
  'hp.warmupEpochs': 'warmup',
  'hp.validationSplit': 'validation split',
  'hp.maxParamsM': 'parameters',
  'noun.optimizer': 'optimizer',
  'noun.scheduler': 'learning rate schedule',
  'optimizer.adam': 'adam',
  'optimizer.adamw': 'adamw',
  'optimizer.sgd': 'sgd',
  'optimizer.rmsprop': 'rmsprop',
  'scheduler.cosine': 'cosine schedule',
  'scheduler.step': 'step schedule',
  'scheduler.linear': 'linear schedule',
  'scheduler.plateau': 'plateau schedule',
  'precision.fp16': 'mixed precision',
  'precision.bf16': 'bfloat16',
  'precision.int8': 'int8',
  augmentation: 'augmentation',
  pretrained: 'transfer learning',
  finetune: 'fine-tuning',
  scratch: 'training from scratch',
  freeze: 'freezing the backbone',
  backbone: 'backbone',
  'head.only': 'linear probing',
  'verb.quantize': 'quantization',
  'verb.sweep': 'hyperparameter search',
  'task.classification': 'classification',
  'task.detection': 'object detection',
  'task.segmentation': 'segmentation',
  'task.anomaly_detection': 'anomaly detection',
  'alias.champion': 'champion',
  'alias.candidate': 'candidate',
};

type Found = { value: string; from: number; to: number };

/** The first word of the field that a message names, with its terms. */
function conceptIn(reading: Reading): Found | undefined {
  for (const [at, term] of reading.terms.entries()) {
    for (const id of term.concepts) {
      const value = id.startsWith('topic.') ? id.slice('topic.'.length) : CONCEPTS[id];
      if (value) return { value, from: at, to: at + 1 };
    }
  }
  return undefined;
}

function aboutSetting(reading: Reading): boolean {
  return (
    says(reading, 'noun.settings', 'noun.optimizer', 'noun.scheduler', 'augmentation', 'backbone', 'noun.precision') ||
    [...reading.concepts].some((id) => id.startsWith('hp.') && id !== 'hp.numClasses' && CONCEPTS[id] !== undefined)
  );
}

const isPast = ({ describes, text }: Term) =>
  describes === true || ['did', 'was', 'were', 'had', 'used'].includes(text) || /[가-힣]였$/.test(text);
const WHAT_THEN = /\bwhat (?:happens|would happen|if)\b|어떻게 (?:돼|되|될|됩)|무슨 일/;

/** What is asked about the project's own runs and models; undefined where it is about something else. */
export function topicOf(reading: Reading): ExplainTopic | undefined {
  const own = says(reading, 'noun.run', 'noun.model', 'verb.train', 'mine', 'latest', 'earlier', 'pronoun');
  const named = reading.ownRuns.length + reading.ownModels.length > 0;
  const { fields } = reading;
  if (fields.several.length > 0 || fields.maxParamsM !== undefined) return undefined;
  const why = says(reading, 'ask.why');
  const result = says(reading, 'noun.result', 'topic.accuracy', 'topic.loss');
  if (why && (says(reading, 'failed') || says(reading, 'topic.error'))) return 'why_failed';
  if (says(reading, 'ask.wrong') && (own || named)) return 'why_failed';
  if (why && (result || says(reading, 'improvement', 'ask.stuck', 'topic.overfitting'))) return 'why_not_improving';
  if (
    says(reading, 'topic.overfitting', 'topic.underfitting', 'topic.convergence') &&
    own &&
    isQuestion(reading) &&
    !says(reading, 'verb.explain')
  )
    return 'why_not_improving';
  if (says(reading, 'ask.worst') && says(reading, 'hp.numClasses')) return 'weak_classes';
  if (why && says(reading, 'ask.duration') && fields.found.length === 0) return 'duration';
  // "cats-resnet50 뭘로 학습했더라?"
  const trained = reading.terms.some((term) => has(term, 'verb.train') && term.describes);
  if (trained && reading.ownRuns.some((hit) => hit.exact) && says(reading, 'ask.what') && isQuestion(reading))
    return 'run_settings';
  if (says(reading, 'ask.duration') && fields.found.length === 0 && (own || named)) return 'duration';
  if (says(reading, 'ask.next') && fields.found.length === 0 && reading.models.length === 0) return 'what_next';
  const asks = isQuestion(reading) || says(reading, 'ask.what');
  if (
    isQuestion(reading) &&
    fields.found.length === 0 &&
    aboutSetting(reading) &&
    says(reading, 'ask.what') &&
    (named || (own && reading.terms.some(isPast)))
  )
    return 'run_settings';
  if (says(reading, 'ask.best') && asks && reading.ownRuns.filter((hit) => hit.exact).length < 2) {
    const ofModels = says(reading, 'noun.model') && (says(reading, 'mine', 'of.these') || reading.terms.some(isPast));
    if (ofModels) return 'best_model';
    if (says(reading, 'noun.run', 'verb.train')) return 'best_run';
  }
  // "학습률이 너무 크면 어떻게 돼?"
  if (conceptIn(reading) && fields.found.length === 0 && WHAT_THEN.test(reading.text.chars)) return 'concept';
  return undefined;
}

const OF_A_RUN = new Set<ExplainTopic>(['why_failed', 'why_not_improving', 'weak_classes', 'duration', 'run_settings']);
const CRITERIA = ['edge', 'size', 'speed', 'accuracy'] as const;

function criterionIn(reading: Reading): Found | undefined {
  for (const value of CRITERIA) {
    const at = reading.terms.findIndex((term) => has(term, `criterion.${value}`));
    if (at >= 0) return { value, from: at, to: at + 1 };
  }
  return undefined;
}

/** The arguments of a question about runs, models and words of the field, with where each came from. */
export function explainArguments(reading: Reading, project: Project): { args: ExplainArguments; origin: Origins } {
  const args: ExplainArguments = {};
  const origin: Origins = {};
  const concept = conceptIn(reading);
  const topic =
    topicOf(reading) ?? (concept && reading.ownRuns.length + reading.ownModels.length === 0 ? 'concept' : undefined);
  if (topic) args.topic = topic;
  const [run] = reading.ownRuns.filter((hit) => hit.exact);
  const [model] = reading.ownModels.filter((hit) => hit.exact);
  const partial = reading.ownRuns.filter((hit) => hit.score >= (reading.ownRuns[0]?.score ?? 0));
  const failed = topic === 'why_failed' ? partial.filter((hit) => hit.item.status === 'failed') : partial;
  const [byId] = runsById(reading, project);
  const meant = run ?? (failed.length === 1 ? failed[0] : undefined);
  const ended = (project.context.runs ?? []).filter((one) => topic !== 'why_failed' || one.status === 'failed');
  const newest = meansNewest(reading) ? ended[0] : undefined;
  if (byId) args.run = byId.id;
  else if (meant && topic !== 'concept' && !(model && says(reading, 'noun.model'))) {
    args.run = meant.item.id;
    origin.run = { kind: 'message', span: spanOf(reading, meant.from, meant.to) };
  }
  // "마지막 학습 왜 실패했어?"
  else if (newest && !meant && !model && topic && OF_A_RUN.has(topic)) {
    args.run = newest.id;
    const reason = say({ ko: '가장 최근 실행이에요', en: 'It is the newest run' }, reading.language);
    origin.run = { kind: 'default', reason };
  }
  if (model && args.run === undefined) {
    args.model = model.item.name;
    origin.model = { kind: 'message', span: spanOf(reading, model.from, model.to) };
  }
  if (concept && (topic === 'concept' || topic === 'run_settings')) {
    args.concept = concept.value;
    origin.concept = { kind: 'message', span: termSpan(reading, concept.from, concept.to) };
  }
  const criterion = topic === 'best_model' || topic === 'best_run' ? criterionIn(reading) : undefined;
  if (criterion) {
    args.criterion = criterion.value as ExplainArguments['criterion'];
    origin.criterion = { kind: 'message', span: termSpan(reading, criterion.from, criterion.to) };
  }
  return { args, origin };
}

import { z } from 'zod';
import { route } from './route.js';

/** What can be learned from images. */
export const TaskType = z.enum(['classification', 'detection', 'segmentation', 'anomaly_detection']);
export type TaskType = z.infer<typeof TaskType>;

/** Where a model's architecture and weights come from. */
export const ModelSource = z.enum([
  'timm',
  'huggingface',
  'ultralytics',
  'mmdetection',
  'mmsegmentation',
  'detectron2',
  'custom',
  // A Python file or a Docker image of whoever is signed in.
  'own',
]);
export type ModelSource = z.infer<typeof ModelSource>;

export const Optimizer = z.enum(['adam', 'adamw', 'sgd', 'rmsprop']);
export const Scheduler = z.enum(['cosine', 'step', 'linear', 'plateau', 'constant']);
export const Augmentation = z.enum(['none', 'light', 'medium', 'heavy']);
export const Precision = z.enum(['fp32', 'fp16', 'bf16']);

/** The limits within which a training can be run at all; the parser asks about a value outside them. */
export const Hyperparameters = z.strictObject({
  epochs: z.int().min(1).max(100_000),
  batchSize: z.int().min(1).max(65_536),
  learningRate: z.number().positive().max(10),
  imageSize: z.int().min(8).max(4096),
  optimizer: Optimizer,
  scheduler: Scheduler,
  weightDecay: z.number().min(0).max(1),
  momentum: z.number().min(0).lt(1),
  dropout: z.number().min(0).lt(1),
  labelSmoothing: z.number().min(0).lt(1),
  pretrained: z.boolean(),
  freezeBackbone: z.boolean(),
  augmentation: Augmentation,
  seed: z.int().min(0).max(4_294_967_295),
  /** Epochs without improvement after which training ends. */
  earlyStoppingPatience: z.int().min(1).max(100_000),
  precision: Precision,
  warmupEpochs: z.int().min(0).max(100_000),
  /** Share of the images kept for validation. */
  validationSplit: z.number().gt(0).lt(1),
});
export type Hyperparameters = z.infer<typeof Hyperparameters>;

export const Resources = z.strictObject({
  gpuCount: z.int().min(0).max(1024),
  gpuType: z.string().max(64),
  memoryGb: z.number().positive().max(100_000),
  maxHours: z.number().positive().max(10_000),
});
export type Resources = z.infer<typeof Resources>;

export const DatasetRef = z.strictObject({ id: z.string().min(1).max(200), name: z.string().min(1).max(200) });
export type DatasetRef = z.infer<typeof DatasetRef>;

/** What is known so far of the training a person wants. Only fields that are known are present. */
export const TrainingIntent = z.strictObject({
  taskType: TaskType.optional(),
  /** The model's name in its source, such as timm's "resnet50". */
  modelName: z.string().min(1).max(200).optional(),
  modelSource: ModelSource.optional(),
  numClasses: z.int().min(1).max(1_000_000).optional(),
  classNames: z.array(z.string().min(1).max(200)).max(100_000).optional(),
  dataset: DatasetRef.optional(),
  hyperparameters: Hyperparameters.partial().optional(),
  resources: Resources.partial().optional(),
});
export type TrainingIntent = z.infer<typeof TrainingIntent>;

/** Where one value came from. `span` holds UTF-16 offsets into the message: [start, end). */
export const FieldOrigin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('message'), span: z.tuple([z.int().min(0), z.int().min(0)]) }),
  z.strictObject({ kind: z.literal('dataset') }),
  z.strictObject({ kind: z.literal('history') }),
  z.strictObject({ kind: z.literal('intent') }),
  z.strictObject({
    kind: z.literal('default'),
    reason: z.string(),
    /** Where an expert's choice is written down: a paper or a documentation page. */
    source: z.url().optional(),
  }),
]);
export type FieldOrigin = z.infer<typeof FieldOrigin>;

/** By dotted path in the intent, such as "hyperparameters.epochs". */
export const Origins = z.record(z.string(), FieldOrigin);
export type Origins = z.infer<typeof Origins>;

export const MESSAGE_MAX_LENGTH = 20_000;

export const ParseContext = z.strictObject({
  history: z
    .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() }))
    .max(1000)
    .optional(),
  /** The partial intent known from earlier turns. */
  intent: TrainingIntent.optional(),
  datasets: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        taskType: TaskType.optional(),
        classNames: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  /** The newest first, so that the first one with an intent is "last time". */
  runs: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        status: z.string(),
        /** What it trains, as far as a person chose it, for "the same as … but". */
        intent: TrainingIntent.optional(),
      }),
    )
    .optional(),
  models: z.array(z.strictObject({ name: z.string(), versions: z.array(z.string()).optional() })).optional(),
  /** Models that the person added to the zoo. */
  addedModels: z
    .array(z.strictObject({ name: z.string(), taskType: TaskType, inputSize: z.int().nullable() }))
    .optional(),
});
export type ParseContext = z.infer<typeof ParseContext>;

export const ParseRequest = z.strictObject({
  message: z.string(),
  context: ParseContext.optional(),
  engine: z.enum(['rules', 'llm', 'auto']).optional(),
});
export type ParseRequest = z.infer<typeof ParseRequest>;

export const Question = z.strictObject({
  /** Dotted path in the intent (or of the command's argument) that the answer fills. */
  field: z.string(),
  question: z.string(),
  options: z.array(z.string()),
});
export type Question = z.infer<typeof Question>;

export const CommandKind = z.enum([
  'sweep',
  'compare',
  'quantize',
  'benchmark',
  'promote',
  'rollback',
  'stop',
  'resume',
  'status',
  'list_models',
  'list_datasets',
  'list_runs',
  'search_zoo',
  'predict',
  'explain',
  'help',
]);
export type CommandKind = z.infer<typeof CommandKind>;

/** What a question is about, where it is one that the data of this project can answer. */
export const ExplainTopic = z.enum([
  'why_not_improving',
  'why_failed',
  'best_run',
  'best_model',
  'weak_classes',
  'run_settings',
  'duration',
  'what_next',
  'concept',
]);
export type ExplainTopic = z.infer<typeof ExplainTopic>;

/** Arguments of `explain`. Absent ones were not said: then the latest run is meant. */
export const ExplainArguments = z.looseObject({
  topic: ExplainTopic.optional(),
  run: z.string().optional(),
  model: z.string().optional(),
  /** A word of the field, such as "learning rate", in the field's English. */
  concept: z.string().optional(),
  /** What "best" is to mean. */
  criterion: z.enum(['accuracy', 'size', 'speed', 'edge']).optional(),
});
export type ExplainArguments = z.infer<typeof ExplainArguments>;

/** A sentence that asks for something other than a training; its arguments depend on the kind. */
export const Command = z.looseObject({ kind: CommandKind });
export type Command = z.infer<typeof Command>;

export const ParseEngine = z.enum(['rules', 'llm']);
export type ParseEngine = z.infer<typeof ParseEngine>;

/** Why the grammar answered although a language model was to, for a program and for a person. */
export const EngineNote = z.strictObject({
  code: z.enum(['timeout', 'rate_limited', 'provider_error', 'malformed', 'refused', 'daily_tokens_spent']),
  ko: z.string(),
  en: z.string(),
});
export type EngineNote = z.infer<typeof EngineNote>;

/** What a language model was given and gave, in tokens; the price is null where none is set. */
export const LlmUsage = z.strictObject({
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number().nullable(),
  /** Which model it was, by the name its maker gives it. */
  model: z.string(),
});
export type LlmUsage = z.infer<typeof LlmUsage>;

export const ParseResponse = z.strictObject({
  status: z.enum(['complete', 'needs_clarification', 'command', 'out_of_scope']),
  language: z.enum(['ko', 'en']),
  intent: TrainingIntent.optional(),
  command: Command.optional(),
  origin: Origins,
  questions: z.array(Question),
  confidence: z.number().min(0).max(1),
  /** Which engine's reading this is. */
  engine: ParseEngine.optional(),
  note: EngineNote.optional(),
  usage: LlmUsage.optional(),
});
export type ParseResponse = z.infer<typeof ParseResponse>;

/** Something that is known, in a sentence; all that a language model may answer with. */
export const Fact = z.strictObject({ id: z.string().min(1).max(64), text: z.string().max(2000) });
export type Fact = z.infer<typeof Fact>;

export const AnswerRequest = z.strictObject({
  question: z.string().min(1).max(MESSAGE_MAX_LENGTH),
  language: z.enum(['ko', 'en']),
  facts: z.array(Fact).max(200),
});
export type AnswerRequest = z.infer<typeof AnswerRequest>;

/** One line of an answer's stream. It is not checked yet: the facts a sentence names may not hold it. */
export const AnswerLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sentence'), text: z.string(), facts: z.array(z.string()) }),
  z.strictObject({ type: z.literal('done'), usage: LlmUsage }),
  z.strictObject({ type: z.literal('failed'), note: EngineNote }),
]);
export type AnswerLine = z.infer<typeof AnswerLine>;

/** How this Mallo understands: by its grammar, or by which language model at what use. */
export const EngineState = z.strictObject({
  engine: ParseEngine,
  model: z.string().nullable(),
  tokensToday: z.int(),
  dailyTokens: z.int().nullable(),
  costTodayUsd: z.number().nullable(),
});
export type EngineState = z.infer<typeof EngineState>;

export const ZooWish = z.enum(['light', 'fast', 'accurate']);
export type ZooWish = z.infer<typeof ZooWish>;

/** What somebody who searches for a model was understood to want. */
export const ZooReading = z.strictObject({
  /** The model, or the family, that is named. */
  name: z.string().optional(),
  taskType: TaskType.optional(),
  source: ModelSource.optional(),
  minParamsM: z.number().optional(),
  maxParamsM: z.number().optional(),
  wishes: z.array(ZooWish),
});
export type ZooReading = z.infer<typeof ZooReading>;

/** Served by the intent parser alone, on 127.0.0.1: it has no state and no secrets, so no token is asked for. */
export const parseRoutes = {
  parse: route({
    method: 'POST',
    path: '/v1/parse',
    summary: 'What a sentence asks for, where each value came from, and what has to be asked',
    access: 'public',
    body: ParseRequest,
    response: ParseResponse,
    errors: ['request.invalid', 'conversation.message_too_long', 'parser.engine_unavailable'],
  }),
  zooQuery: route({
    method: 'POST',
    path: '/v1/zoo-query',
    summary: 'What somebody who searches the models in words is looking for',
    access: 'public',
    body: z.strictObject({ query: z.string().max(200) }),
    response: ZooReading,
    errors: ['request.invalid'],
  }),
  answer: route({
    method: 'POST',
    path: '/v1/answer',
    summary: 'A question answered by the language model from the facts given, as NDJSON of AnswerLine',
    access: 'public',
    body: AnswerRequest,
    response: 'stream',
    errors: ['request.invalid', 'parser.engine_unavailable'],
  }),
  engine: route({
    method: 'GET',
    path: '/v1/engine',
    summary: 'Which engine answers, and what it used today',
    access: 'public',
    response: EngineState,
  }),
  health: route({
    method: 'GET',
    path: '/v1/health',
    summary: 'Whether the parser answers',
    access: 'public',
    response: z.strictObject({ status: z.literal('ok') }),
  }),
};

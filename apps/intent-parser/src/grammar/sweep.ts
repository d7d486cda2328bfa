import type { Origins, ParseResponse } from '@mallo/contracts';
import { isUsable } from './fields.js';
import { means, type Project, type Reading, says, spanOf, termSpan } from './reading.js';
import { type Base, resolveTraining } from './training.js';
import { ask } from './wording.js';

/** A training to be run several times with different values, as a command with the training's own fields. */
export function sweepOf(reading: Reading, project: Project, base: Base): ParseResponse {
  const { language, fields } = reading;
  const parameters: Record<string, unknown> = {};
  const origin: Origins = {};
  for (const { name, values, range, from, to } of fields.several) {
    if (!values.every((value) => isUsable(`hyperparameters.${name}`, value))) {
      return {
        status: 'needs_clarification',
        language,
        command: { kind: 'sweep' },
        origin: {},
        questions: [
          ask.value(
            language,
            `hyperparameters.${name}`,
            values.find((value) => !isUsable(`hyperparameters.${name}`, value)) ?? 0,
          ),
        ],
        confidence: 0.6,
      };
    }
    const [min = 0, max = 0] = [Math.min(...values), Math.max(...values)];
    const spread = min > 0 && max / min >= 100;
    parameters[name] = range ? { min, max, log: means(reading, 'log') || spread } : values;
    origin[`parameters.${name}`] = { kind: 'message', span: termSpan(reading, from, to) };
  }
  const models = [
    ...new Set(
      reading.models.filter((model) => !model.familyOnly).flatMap((model) => (model.name ? [model.name] : [])),
    ),
  ];
  const [firstModel, lastModel] = [reading.models[0], reading.models.at(-1)];
  if (models.length > 1 && firstModel && lastModel) {
    parameters.modelName = models;
    origin['parameters.modelName'] = { kind: 'message', span: spanOf(reading, firstModel.from, lastModel.to) };
  }
  for (const [name, prefix] of [
    ['optimizer', 'optimizer.'],
    ['scheduler', 'scheduler.'],
    ['augmentation', 'augmentation.'],
  ] as const) {
    const said = [
      ...new Set(
        reading.terms.flatMap((term) =>
          term.concepts
            .filter((concept) => concept.startsWith(prefix) || (name === 'scheduler' && concept.startsWith('bare.')))
            .map((concept) => concept.slice(concept.indexOf('.') + 1)),
        ),
      ),
    ];
    if (said.length < 2) continue;
    parameters[name] = said;
    const places = reading.terms.flatMap((term, at) =>
      term.concepts.some((concept) => concept.startsWith(prefix)) ? [at] : [],
    );
    origin[`parameters.${name}`] = {
      kind: 'message',
      span: termSpan(reading, places[0] ?? 0, (places.at(-1) ?? 0) + 1),
    };
  }
  const one = models.length > 1 ? { ...reading, models: [] } : reading;
  const draft = resolveTraining(one, project, base);
  for (const path of Object.keys(parameters)) {
    if (draft.intent.hyperparameters) delete (draft.intent.hyperparameters as Record<string, unknown>)[path];
    delete draft.origin[`hyperparameters.${path}`];
  }
  if (Object.keys(parameters).length === 0) {
    // "학습률 튜닝해줘" names what to vary but no values: the usual range of it.
    const usual = usualRanges(reading);
    Object.assign(parameters, usual.parameters);
    Object.assign(origin, usual.origin);
  }
  const trials = fields.quantities.find((quantity) => quantity.field === 'trials');
  if (trials) origin.trials = { kind: 'message', span: termSpan(reading, trials.from, trials.to) };
  const questions = draft.questions;
  const command = {
    kind: 'sweep' as const,
    ...draft.intent,
    parameters,
    ...(fields.trials !== undefined && { trials: fields.trials }),
  };
  return {
    status: questions.length > 0 ? 'needs_clarification' : 'command',
    language,
    command,
    ...(questions.length > 0 && { intent: draft.intent }),
    origin: { ...draft.origin, ...origin },
    questions,
    confidence: questions.length > 0 ? 0.65 : 0.9,
  };
}

const USUAL: Record<string, unknown> = {
  learningRate: { min: 0.00001, max: 0.01, log: true },
  batchSize: [16, 32, 64],
  epochs: [10, 20, 40],
  weightDecay: { min: 0.00001, max: 0.1, log: true },
  dropout: [0, 0.2, 0.5],
  imageSize: [160, 224, 288],
};

function usualRanges(reading: Reading): { parameters: Record<string, unknown>; origin: Origins } {
  const named = Object.keys(USUAL).filter(
    (name) =>
      says(reading, `hp.${name}`) && !reading.fields.found.some((found) => found.path === `hyperparameters.${name}`),
  );
  const names = named.length > 0 ? named : ['learningRate'];
  const reason = {
    ko: '범위를 말씀하지 않아 흔히 탐색하는 범위로 했어요',
    en: 'No range was given; this one is usually searched',
  }[reading.language];
  return {
    parameters: Object.fromEntries(names.map((name) => [name, USUAL[name]])),
    origin: Object.fromEntries(names.map((name) => [`parameters.${name}`, { kind: 'default', reason }])),
  };
}

import { CommandKind, ExplainTopic, Hyperparameters, ParseResponse } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../grammar/parse.js';
import { bakery } from '../grammar/project.fixture.js';
import { responseFrom } from './response.js';

const WORDS = [
  'train',
  'resnet57',
  'resnet18',
  'the',
  'fifty-layer',
  'thing',
  'on',
  'bread-types',
  'trays',
  '7',
  'classes',
  '0',
  '12',
  'epochs',
  '1e-3',
  'lr',
  'yolo',
  '빵',
  '분류',
  '학습',
  '백',
  '에폭',
  '말고',
  'loaves',
  'SGD',
  'no',
  'stop',
  'that',
  '😀',
  'ﬁne',
  '<b>',
];
const PATHS = [
  'taskType',
  'modelName',
  'dataset',
  'numClasses',
  'resources.maxHours',
  'resources.gpuType',
  ...Object.keys(Hyperparameters.shape).map((name) => `hyperparameters.${name}`),
];
const VALUES = [
  'resnet50',
  'hyperresnet-9000',
  'trays',
  'bread-types',
  'classification',
  'adamw',
  'cosine',
  '',
  '12',
  'true',
  12,
  0,
  -1,
  7,
  1e-3,
  1e9,
  true,
];

const message = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 10 }).map((words) => words.join(' '));
const recognition = fc.record({
  kind: fc.constantFrom('training' as const, 'command' as const, 'out_of_scope' as const),
  command: fc.option(fc.constantFrom(...CommandKind.options)),
  topic: fc.option(fc.constantFrom(...ExplainTopic.options)),
  fields: fc.array(
    fc.record({
      path: fc.constantFrom(...PATHS),
      value: fc.oneof(fc.constantFrom(...VALUES), fc.string(), fc.double({ noNaN: true })),
      quote: fc.oneof(fc.constantFrom(...WORDS), fc.string()),
    }),
    { maxLength: 6 },
  ),
});
const CHANGES = ['sweep', 'quantize', 'benchmark', 'promote', 'rollback', 'stop', 'resume', 'search_zoo'];

it('gives a valid, grounded answer whatever a language model says of whatever message', () => {
  fc.assert(
    fc.property(message, recognition, (text, said) => {
      const rules = parse(text, bakery);
      const answer = ParseResponse.parse(responseFrom(text, bakery, said, rules));
      const { intent, command, origin } = answer;
      if (intent?.modelName) expect(lookup(intent.modelName)?.name).toBe(intent.modelName);
      if (intent?.dataset) expect(bakery.datasets?.map(({ id }) => id)).toContain(intent.dataset.id);
      if (command && CHANGES.includes(command.kind)) expect(command).toEqual(rules.command);
      const epochs = origin['hyperparameters.epochs'];
      if (epochs?.kind === 'message') expect(text.slice(...epochs.span)).toMatch(/\d|백|fifty/);
      for (const value of Object.values(origin)) {
        if (value.kind === 'message') expect(value.span[1]).toBeGreaterThan(value.span[0]);
      }
    }),
    { numRuns: 500 },
  );
}, 30_000);

describe('early stopping that is not wanted', () => {
  const path = 'hyperparameters.earlyStoppingPatience';
  const model = { path: 'modelName', value: 'resnet18', quote: 'resnet18' };
  const through = (text: string, ...fields: { path: string; value: string | number; quote: string }[]) =>
    responseFrom(text, bakery, { kind: 'training', fields: [model, ...fields] }, parse(text, bakery));

  it('is carried as the grammar carries it', () => {
    const text = 'resnet18 on bread-types, no early stopping';
    const { intent, origin } = through(text, { path, value: 5, quote: 'no early stopping' });
    expect(intent?.hyperparameters).not.toHaveProperty('earlyStoppingPatience');
    expect(origin[path]).toEqual(parse(text, bakery).origin[path]);
  });

  it('is carried where only the language model understood the words, and they deny something', () => {
    const text = 'resnet18 on bread-types, never halt before the epochs are over';
    const quote = 'never halt before the epochs are over';
    const { intent, origin } = through(text, { path, value: 0, quote });
    expect(intent?.hyperparameters).not.toHaveProperty('earlyStoppingPatience');
    expect(origin[path]).toEqual({ kind: 'message', span: [text.indexOf(quote), text.length] });
    expect(through(text, { path, value: 0, quote: 'epochs' }).origin[path]).toBeUndefined();
  });
});

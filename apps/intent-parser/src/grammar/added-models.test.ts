import type { ParseContext } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

const context: ParseContext = {
  ...bakery,
  addedModels: [
    { name: 'Crust_Net', taskType: 'classification', inputSize: 96 },
    { name: 'Crust_Net-2', taskType: 'classification', inputSize: 64 },
    { name: 'lab-detector', taskType: 'detection', inputSize: null },
  ],
};

describe('a model that a person added', () => {
  it.each([
    ['Train Crust_Net on bread-types for 3 epochs', 'Crust_Net'],
    ['crust_net으로 bread-types 분류해줘', 'Crust_Net'],
    ['bread-types를 CRUST_NET-2로 학습', 'Crust_Net-2'],
    ['resnet18 말고 crust_net으로 bread-types 분류', 'Crust_Net'],
  ])('is meant by its name: %s', (message, modelName) => {
    const { status, intent, origin } = parse(message, context);
    expect({ status, intent }).toMatchObject({
      status: 'complete',
      intent: { modelName, modelSource: 'own', taskType: 'classification', dataset: { id: 'ds_bread' } },
    });
    const { span } = origin.modelName as { span: [number, number] };
    expect(message.slice(...span).toLowerCase()).toBe(modelName.toLowerCase());
  });

  it('brings its own input size', () => {
    expect(parse('Train Crust_Net on bread-types', context).intent?.hyperparameters?.imageSize).toBe(96);
  });

  it('is what goes on in the next turn', () => {
    const { intent } = parse('Train Crust_Net on bread-types', context);
    const { hyperparameters, ...chosen } = intent ?? {};
    expect(parse('10 epochs', { ...context, intent: chosen }).intent).toMatchObject({
      ...{ modelName: 'Crust_Net', modelSource: 'own', hyperparameters: { epochs: 10 } },
    });
    expect(hyperparameters?.epochs).not.toBe(10);
  });

  it('for another task than the dataset’s is asked about', () => {
    const { status, questions } = parse('train lab-detector to classify bread-types', context);
    expect(status).toBe('needs_clarification');
    expect(questions[0]?.field).toBe('modelName');
  });

  it('is not meant by a longer name', () => {
    expect(parse('train crust_network on bread-types', context).intent?.modelName).toBeUndefined();
  });

  it('of somebody else is unknown', () => {
    expect(parse('train Crust_Net on bread-types', bakery).intent?.modelSource).not.toBe('own');
  });
});

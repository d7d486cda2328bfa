import type { Prediction, TaskType } from '@mallo/contracts';
import type { Tensor } from 'onnxruntime-node';
import { Fault } from './fault.js';
import type { Placement } from './prepare-image.js';

/** What a model gave out for one image under one name. Of a batch, the part of that image, without the batch's axis. */
export type Output = { name: string; type: Tensor.Type; shape: readonly number[]; data: ArrayLike<number | bigint> };

/** What a model says its inputs or outputs are; a text in a shape stands for any size. */
export type Declared = { name: string; type: Tensor.Type; shape: readonly (number | string)[] };

export type Size = { width: number; height: number };

/** The image that outputs belong to, and where it lay in the input. */
export type Shown = { image: Size; input: Size; placement: Placement };

/** A prediction's own part for a task, without what all predictions have. */
type Facts = 'image' | 'latencyMs' | 'batchSize' | 'preprocessing';
type Said = Prediction extends infer Each ? (Each extends Prediction ? Omit<Each, Facts> : never) : never;

/** Makes a prediction of what a model gave out for one image. @throws Fault model.broken, model.output_unknown */
export type Decoder = (outputs: Output[], shown: Shown) => Said;

/** For outputs that nobody knows how to show. */
export function unknownOutput(task: TaskType, outputs: readonly (Declared | Output)[]): Fault {
  const seen = outputs.map(({ name, type, shape }) => `${name}: ${type}[${shape.join(', ')}]`).join('; ');
  return new Fault('model.output_unknown', { task, outputs: seen.slice(0, 300) });
}

/** @throws Fault model.broken where a value is no number */
export function finite(value: number): number {
  if (!Number.isFinite(value))
    throw new Fault('model.broken', { problem: { en: 'its answers are not numbers', ko: '출력이 숫자가 아닙니다' } });
  return value;
}

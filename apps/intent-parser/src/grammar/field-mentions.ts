import type { Quantity } from './quantities.js';

/** A value said in the message, and by which terms. */
export type Found = { path: string; value: unknown; from: number; to: number };
/** A value said with which nothing can be trained. */
type Refused = { path: string; value: number; from: number; to: number };
/** Several values of one hyperparameter, to be tried one after the other, or a range of them. */
type Several = { name: string; values: number[]; range: boolean; from: number; to: number };

/** A value said in terms of the one before, multiplied and added to: twice the batch size, ten more epochs. */
export type Relative = {
  path: string;
  factor: number;
  offset: number;
  /** The value where none was set before. */
  otherwise?: number;
  from: number;
  to: number;
};

export type Fields = {
  relative: Relative[];
  /** Hyperparameters that are to be changed without a word on what to. */
  open: string[];
  found: Found[];
  refused: Refused[];
  several: Several[];
  trials?: number;
  maxParamsM?: number;
  /** Hyperparameters that are to have no value: "no early stopping". */
  unwanted: { name: string; from: number; to: number }[];
  /** Early stopping is asked for, without a number of epochs. */
  stopsEarly: boolean;
  quantities: Quantity[];
};

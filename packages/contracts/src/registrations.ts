import { z } from 'zod';
import { Version } from './aliases.js';
import { because } from './because.js';
import { Id } from './identity.js';
import { line, NewModelName, visibleLine } from './names.js';
import { TaskType } from './parse.js';

/** Sizes of a model's input, such as 1, 3, 224, 224; -1: any. */
export const InputShape = z
  .array(
    z
      .int()
      .min(-1)
      .max(1_000_000)
      .refine((size) => size !== 0),
  )
  .min(1)
  .max(8);

/** Which part of a version goes up by one; those after it begin anew at 0. The first version is 1.0.0 whatever is asked. */
export const VersionBump = z.enum(['major', 'minor', 'patch']);
export type VersionBump = z.infer<typeof VersionBump>;

/** The name of one file, without folders. */
const FileName = visibleLine(200).refine(
  (name) => !/[/\\]|^\.{1,2}$/.test(name),
  because('must be a name without folders', '폴더가 없는 파일 이름이어야 합니다'),
);

/** A figure of a model, such as `val_accuracy` or `mAP@50`. */
export const MetricName = line(250);

/** A version of a model, made of uploaded files or of those that a run left. */
export const ModelRegistration = z.strictObject({
  name: NewModelName,
  bump: VersionBump,
  /** Finished uploads. A zip is unpacked; at least one file must be a model. Either these or a run is given. */
  files: z
    .array(z.strictObject({ uploadId: Id, name: FileName }))
    .min(1)
    .max(100)
    .optional(),
  /** A run whose files are taken instead; config, figures, classes and dataset are then the run's. */
  run: Id.optional(),
  framework: visibleLine(50),
  architecture: visibleLine(200),
  taskType: TaskType,
  inputShape: InputShape.nullable().default(null),
  classNames: z.array(line(200)).min(2).max(25_000).optional(),
  datasetName: visibleLine(200).optional(),
  /**
   * The version of a dataset of this project that the figures were measured on, so that gates can compare them; its
   * dataset's name is then the version's. Given alone, without `datasetName` or a run.
   */
  datasetVersion: Id.optional(),
  /** `val_accuracy` is shown as the version's accuracy. */
  metrics: z.record(MetricName, z.number()).default({}),
  memo: z
    .string()
    .max(10_000)
    .refine((text) => !text.includes('\0') && text.isWellFormed())
    .default(''),
  /** The version of this model that the files were converted or quantized from. */
  madeFrom: Version.optional(),
  /** Made by the sender: the same key again answers the same version. */
  key: z.string().regex(/^[\w-]{8,64}$/),
});
export type ModelRegistration = z.infer<typeof ModelRegistration>;

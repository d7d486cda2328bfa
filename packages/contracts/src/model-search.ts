import { z } from 'zod';
import { AliasName, AliasState, Stage } from './aliases.js';
import { because } from './because.js';
import { Id, Timestamp } from './identity.js';
import { ModelVersionSummary } from './model-versions.js';
import { TaskType } from './parse.js';
import { Tags } from './tags.js';

/** A model in a list: what its latest version is, and what points to which of its versions. */
export const ModelSummary = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  /** Null: not known. */
  taskType: TaskType.nullable(),
  createdAt: Timestamp,
  /** When a version was last added, or an alias, gate or tag last changed. */
  changedAt: Timestamp,
  tags: Tags,
  aliases: AliasState,
  /** Deleted ones are not counted. */
  versionCount: z.int(),
  /** The highest that is neither deleted nor deprecated; where all are deprecated the highest of them. */
  latest: ModelVersionSummary,
});
export type ModelSummary = z.infer<typeof ModelSummary>;

/** A figure, how it is compared and with what: `val_accuracy>=0.9`. */
export const METRIC_CONDITION = /^([^<>=]{1,250})(>=|<=|>|<|=)(-?\d{1,300}(?:\.\d{1,300})?(?:e[+-]?\d{1,3})?)$/i;

/** A tag that must be there, whatever its value (`checked`) or with one (`team=vision`). */
export const TAG_CONDITION = /^([^=]{1,250})(?:=(.{0,5000}))?$/s;

/** Text as PostgreSQL can hold it. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\0'), because('must be text', '글이어야 합니다'));

/** One or several, as `?tag=a&tag=b` is read. */
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(one).max(20)).default([]);

/**
 * What is looked for in a project's models. All conditions must hold; those on figures, framework and deprecation are
 * asked of the latest version, the one that is shown.
 */
export const ModelQuery = z.strictObject({
  /** A part of the name, in any case and script. */
  search: text(200).trim().default(''),
  task: TaskType.optional(),
  framework: text(50).optional(),
  metric: several(text(1000).regex(METRIC_CONDITION)),
  /** Of the model or of its latest version. */
  tag: several(text(6000).regex(TAG_CONDITION)),
  /** Set on some version of the model. */
  alias: AliasName.optional(),
  /** That some version of the model is in. */
  stage: Stage.optional(),
  deprecated: z.stringbool().optional(),
  /** `metric:NAME` by a figure of the latest version; models without it come last. */
  sort: text(260)
    .regex(/^(changed|created|name|metric:.{1,250})$/s)
    .default('changed'),
  /** Without it names ascend, and everything else descends. */
  order: z.enum(['asc', 'desc']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before, with everything else as it was. */
  cursor: z.string().max(2000).optional(),
});
export type ModelQuery = z.infer<typeof ModelQuery>;

/** Some of the models found; `nextCursor` leads to those after them, and is null on the last page. */
export const ModelPage = z.strictObject({ models: z.array(ModelSummary), nextCursor: z.string().nullable() });
export type ModelPage = z.infer<typeof ModelPage>;

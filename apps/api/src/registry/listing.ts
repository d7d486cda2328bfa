import { AliasName, LoggedModel, Stage, Tags } from '@mallo/contracts';
import { z } from 'zod';

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN';

/** What a listing can ask of a model or a version; the attributes that are of a version only are asked of versions only. */
export type ListingCondition =
  | { of: 'name' | 'run' | 'source'; comparator: Comparator; value: string | string[] }
  | { of: 'number'; comparator: Comparator; value: number }
  /** Fulfilled only where there is such a tag. */
  | { of: 'tag'; key: string; comparator: Comparator; value: string }
  /** That there is no tag of this value. */
  | { of: 'untagged'; key: string; value: string };

export type ListingOrder = { by: 'name' | 'number' | 'created' | 'updated'; isAscending: boolean }[];

/** A page of what fulfils all conditions. */
export type ListingSearch = { conditions: ListingCondition[]; order: ListingOrder; limit: number; offset: number };

/** A model in a list, also one that has no versions yet. */
export const ListedModel = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
  tags: Tags,
  /** The number of the version that each alias points to. */
  aliases: z.record(z.string(), z.int()).nullable(),
});
export type ListedModel = z.infer<typeof ListedModel>;

/** A version as lists over many models show it. */
export const ListedVersion = z.object({
  id: z.string(),
  modelId: z.string(),
  modelName: z.string(),
  number: z.int(),
  version: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
  /** The notes that were written last, or what was said when it was registered. */
  description: z.string(),
  runId: z.string().nullable(),
  logged: LoggedModel.nullable(),
  tags: Tags,
  aliases: z.array(AliasName).nullable(),
  /** As Mallo's stages, but that a version is in Staging only once somebody chose that it waits as the @candidate. */
  stage: Stage.nullable(),
  hasFiles: z.boolean(),
});
export type ListedVersion = z.infer<typeof ListedVersion>;

import type { Artifact, ImportedModel, LoggedModel, Tags } from '@mallo/contracts';

/** A version of another registry, with what its files were found to be. */
export type VersionImport = Pick<ImportedModel['versions'][number], 'number' | 'stage' | 'createdMs' | 'updatedMs'> & {
  framework: string;
  architecture: string;
  metrics: Record<string, number>;
  memo: string;
  tags: Tags;
  runId: string | null;
  logged: LoggedModel;
  artifacts: Artifact[];
};
/** A model of another registry, its names and texts such as can be kept. */
export type ModelImport = Pick<ImportedModel, 'name' | 'description' | 'createdMs' | 'updatedMs' | 'aliases'> & {
  tags: Tags;
  taskType: string | null;
  versions: VersionImport[];
};
export type ModelImported = {
  isNew: boolean;
  added: number[];
  differing: string[];
  taken: number[];
  aliasesLeftOut: string[];
  stagesLeftOut: number[];
};

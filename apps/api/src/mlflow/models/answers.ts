import type { MlflowModelVersion, MlflowRegisteredModel } from '@mallo/contracts';
import type { ListedModel, ListedVersion } from '../../registry/listing.js';
import { versionRoot } from '../artifacts/artifacts.service.js';

/** Where the files of a version are; of one that has none here, where they are said to be. */
export function downloadUriOf({ modelId, version, logged, hasFiles }: ListedVersion): string {
  return hasFiles || !logged ? `mlflow-artifacts:/${versionRoot(modelId, version)}` : logged.location;
}

/** A version as MLflow says it. What is empty in a list is left out, as protocol buffers do. */
export function versionAnswer(version: ListedVersion): MlflowModelVersion {
  const { logged, aliases } = version;
  const tags = Object.entries(version.tags).map(([key, value]) => ({ key, value }));
  return {
    name: version.modelName,
    version: String(version.number),
    creation_timestamp: version.createdAt.getTime(),
    last_updated_timestamp: version.updatedAt.getTime(),
    current_stage: version.stage ?? 'None',
    description: version.description,
    source: logged?.source ?? downloadUriOf(version),
    run_id: logged ? (logged.runId ?? '') : (version.runId ?? ''),
    status: 'READY',
    ...(tags.length > 0 ? { tags } : {}),
    run_link: logged?.runLink ?? '',
    ...(aliases ? { aliases } : {}),
  };
}

/** A model as MLflow says it, with the versions that are the latest in their stages. */
export function modelAnswer(model: ListedModel, latest: ListedVersion[]): MlflowRegisteredModel {
  const tags = Object.entries(model.tags).map(([key, value]) => ({ key, value }));
  const aliases = Object.entries(model.aliases ?? {})
    .map(([alias, number]) => ({ alias, version: String(number) }))
    .sort((one, other) => (one.alias < other.alias ? -1 : 1));
  return {
    name: model.name,
    creation_timestamp: model.createdAt.getTime(),
    last_updated_timestamp: model.updatedAt.getTime(),
    ...(model.description === '' ? {} : { description: model.description }),
    ...(latest.length > 0 ? { latest_versions: latest.map(withoutAliases) } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(aliases.length > 0 ? { aliases } : {}),
  };
}

/** Within a model its aliases are said once, beside the versions. */
function withoutAliases(version: ListedVersion): MlflowModelVersion {
  const { aliases: _, ...rest } = versionAnswer(version);
  return rest;
}

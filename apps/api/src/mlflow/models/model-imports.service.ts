import type { Program } from '@mallo/backend';
import { type ImportedModel, type ImportedVersion, MalloError, MlflowError, quoted } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { ModelImported, VersionImport } from '../../registry/model-import.js';
import { ModelsService } from '../../registry/models.service.js';
import { RegistryService } from '../../registry/registry.service.js';
import type { NamedBlob } from '../artifacts/artifacts.repository.js';
import { ArtifactsService } from '../artifacts/artifacts.service.js';
import { type Tracked, TrackingClient } from '../tracking.client.js';
import { checkNewName, tagsOf } from './names.js';
import { placeAt, RegistrationService } from './registration.service.js';

/** Takes over registered models of an MLflow, whose runs and files are here already. */
@Injectable()
export class ModelImportsService {
  constructor(
    private readonly models: ModelsService,
    private readonly registry: RegistryService,
    private readonly registration: RegistrationService,
    private readonly artifacts: ArtifactsService,
    private readonly tracking: TrackingClient,
  ) {}

  /** Adds what is not there, all or nothing. @throws MalloError request.invalid of a name or tag that cannot be kept here */
  async import(caller: Program, authorization: string, said: ImportedModel): Promise<ModelImported> {
    const [name, tags] = storable(() => [checkNewName(said.name), tagsOf(said.tags)] as const);
    const known = await this.models.numbersOf(caller.projectId, name);
    const versions: VersionImport[] = [];
    let taskType: string | null = null;
    for (const version of said.versions) {
      const { task, ...made } = await this.version(caller, authorization, version, known.has(version.number));
      taskType ??= task;
      versions.push(made);
    }
    const { description, createdMs, updatedMs, aliases } = said;
    const model = { name, tags, taskType, description: clean(description), createdMs, updatedMs, aliases, versions };
    return this.models.import(caller.userId, caller.projectId, model);
  }

  /** What is there already is not looked into. */
  private async version(
    caller: Program,
    authorization: string,
    said: ImportedVersion,
    isThere: boolean,
  ): Promise<VersionImport & { task: string | null }> {
    const tracked = isThere ? null : await this.trackedOf(authorization, said);
    const location =
      tracked && said.files ? `${tracked.artifactUri}/${said.files.path}`.replace(/\/$/, '') : said.source;
    const files: NamedBlob[] = tracked ? await this.artifacts.under(caller, placeAt(location)) : [];
    const kind = await this.registration.kindOf(files, tracked?.tags);
    return {
      number: said.number,
      stage: said.stage,
      createdMs: said.createdMs,
      updatedMs: said.updatedMs,
      framework: kind.framework,
      architecture: kind.architecture,
      task: kind.taskType,
      metrics: tracked?.metrics ?? {},
      memo: clean(said.description),
      tags: storable(() => tagsOf(said.tags)),
      runId: said.runId || null,
      artifacts: await this.registry.kindsOf(files),
      logged: {
        source: clean(said.source),
        location: clean(location),
        modelId: said.modelId || null,
        runId: said.runId || null,
        runLink: said.runLink || null,
        params: tracked?.params ?? {},
        flavors: kind.flavors,
      },
    };
  }

  private async trackedOf(authorization: string, { files }: ImportedVersion): Promise<Tracked | null> {
    if (!files) return null;
    return files.of === 'run'
      ? this.tracking.run(authorization, files.id)
      : this.tracking.loggedModel(authorization, files.id);
  }
}

/** The checks of MLflow's names are used here too, and said in Mallo's own form. */
function storable<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof MlflowError)) throw cause;
    throw new MalloError('request.invalid', { problem: quoted(cause) }, { cause });
  }
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

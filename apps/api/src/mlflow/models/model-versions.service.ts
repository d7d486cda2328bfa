import { type Program, pageOffsetOf, pageTokenAt } from '@mallo/backend';
import { MlflowError, type MlflowModelVersion } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { AnnotationsService } from '../../registry/annotations.service.js';
import { ModelsService } from '../../registry/models.service.js';
import { downloadUriOf, versionAnswer } from './answers.js';
import { checkTagKey, checkText, tagsOf } from './names.js';
import { RegisteredModelsService, type SearchForm } from './registered-models.service.js';
import { conditionsIn, orderIn } from './search.js';
import { stageNamed } from './stage-names.js';

type OfVersion = { name: string; version: string };

/** Versions of registered models, as MLflow speaks of them. */
@Injectable()
export class ModelVersionsService {
  constructor(
    private readonly models: ModelsService,
    private readonly named: RegisteredModelsService,
    private readonly annotations: AnnotationsService,
  ) {}

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async get(caller: Program, { name, version }: OfVersion): Promise<MlflowModelVersion> {
    return versionAnswer(await this.named.version(caller, name, version));
  }

  /** Writes the notes beside a version. @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async describe(caller: Program, of: OfVersion & { description: string }): Promise<MlflowModelVersion> {
    checkText('description', of.description);
    const { modelId, version } = await this.named.version(caller, of.name, of.version);
    const [latest] = await this.annotations.notesHistory(caller.userId, modelId, version);
    await this.annotations.writeNotes(caller.userId, modelId, version, {
      text: of.description,
      after: latest?.id ?? null,
    });
    return this.get(caller, of);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE, MalloError model.gate_failed … */
  async moveTo(
    caller: Program,
    of: OfVersion & { stage: string; archive_existing_versions: boolean },
  ): Promise<MlflowModelVersion> {
    const stage = stageNamed(of.stage);
    const archives = of.archive_existing_versions;
    if (archives && stage !== 'Staging' && stage !== 'Production') {
      throw new MlflowError(
        'INTERNAL_ERROR',
        `Model version transition cannot archive existing model versions because '${of.stage}' is not an Active stage. ` +
          "Valid stages are ['Staging', 'Production']",
      );
    }
    const found = await this.named.version(caller, of.name, of.version);
    await this.models.moveTo(caller.userId, found.modelId, found, stage, archives);
    return this.get(caller, of);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async remove(caller: Program, { name, version }: OfVersion): Promise<void> {
    const found = await this.named.version(caller, name, version);
    await this.models.removeVersion(caller.userId, found.modelId, found.version);
  }

  /** Where the files of a version are. @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async downloadUri(caller: Program, { name, version }: OfVersion): Promise<string> {
    return downloadUriOf(await this.named.version(caller, name, version));
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE */
  async search({ projectId }: Program, form: SearchForm) {
    if (form.max_results < 1) {
      const problem = `Invalid value for max_results. It must be a positive integer, but got ${form.max_results}`;
      throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
    }
    const conditions = conditionsIn(form.filter, 'version');
    const order = orderIn(form.order_by, 'version');
    const offset = pageOffsetOf(form.page_token);
    // One more tells whether there is another page.
    const limit = form.max_results + 1;
    const found = await this.models.searchVersions(projectId, { conditions, order, limit, offset });
    const page = found.slice(0, form.max_results).map(versionAnswer);
    return {
      ...(page.length > 0 ? { model_versions: page } : {}),
      ...(found.length > page.length ? { next_page_token: pageTokenAt(offset + form.max_results) } : {}),
    };
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async setTag(caller: Program, of: OfVersion & { key: string; value: string }): Promise<void> {
    const change = tagsOf([of]);
    const { modelId, version } = await this.named.version(caller, of.name, of.version);
    await this.annotations.tagVersion(caller.userId, modelId, version, change);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async deleteTag(caller: Program, of: OfVersion & { key: string }): Promise<void> {
    checkTagKey(of.key);
    const { modelId, version } = await this.named.version(caller, of.name, of.version);
    await this.annotations.tagVersion(caller.userId, modelId, version, { [of.key]: null });
  }
}

import { type Program, pageOffsetOf, pageTokenAt } from '@mallo/backend';
import {
  MalloError,
  MlflowError,
  type MlflowModelVersion,
  type MlflowRegisteredModel,
  ownValue,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { AliasesService } from '../../registry/aliases.service.js';
import { AnnotationsService } from '../../registry/annotations.service.js';
import type { ListedModel, ListedVersion } from '../../registry/listing.js';
import { ModelsService } from '../../registry/models.service.js';
import { modelAnswer, versionAnswer } from './answers.js';
import { checkAlias, checkNewAlias, checkNewName, checkTagKey, checkText, numberOf, tagsOf } from './names.js';
import { conditionsIn, orderIn } from './search.js';
import { stageNamed } from './stage-names.js';

export type SearchForm = { filter: string; max_results: number; order_by: string[]; page_token: string };

/** Registered models by name, as MLflow speaks of them. */
@Injectable()
export class RegisteredModelsService {
  constructor(
    private readonly models: ModelsService,
    private readonly aliases: AliasesService,
    private readonly annotations: AnnotationsService,
  ) {}

  /** @throws MlflowError RESOURCE_ALREADY_EXISTS, INVALID_PARAMETER_VALUE */
  async create(
    { projectId }: Program,
    form: { name: string; description: string; tags: { key: string; value: string }[] },
  ): Promise<MlflowRegisteredModel> {
    const name = checkNewName(form.name);
    const tags = tagsOf(form.tags);
    checkText('description', form.description);
    await named(`Registered Model (name=${name}) already exists.`, () =>
      this.models.create(projectId, name, form.description, tags),
    );
    return this.get({ projectId }, name);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async get({ projectId }: Pick<Program, 'projectId'>, name: string): Promise<MlflowRegisteredModel> {
    const model = await this.model({ projectId }, name);
    return modelAnswer(model, await this.models.latest([model.id]));
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, RESOURCE_ALREADY_EXISTS, INVALID_PARAMETER_VALUE */
  async rename(caller: Program, name: string, wanted: string): Promise<MlflowRegisteredModel> {
    const newName = checkNewName(wanted, 'new_name');
    const { id } = await this.model(caller, name);
    await named(`Registered Model (name=${newName}) already exists.`, () => this.models.rename(id, newName));
    return this.get(caller, newName);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async describe(caller: Program, name: string, description: string): Promise<MlflowRegisteredModel> {
    checkText('description', description);
    const { id } = await this.model(caller, name);
    await this.models.describe(id, description);
    return this.get(caller, name);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async remove(caller: Program, name: string): Promise<void> {
    const { id } = await this.model(caller, name);
    await this.models.remove(caller.userId, id);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE */
  async search({ projectId }: Program, form: SearchForm) {
    const conditions = conditionsIn(form.filter, 'model');
    const order = orderIn(form.order_by, 'model');
    const offset = pageOffsetOf(form.page_token);
    const limit = Math.max(form.max_results, 0);
    // One more tells whether there is another page.
    const found = await this.models.search(projectId, { conditions, order, limit: limit + 1, offset });
    const page = found.slice(0, limit);
    const latest = Map.groupBy(await this.models.latest(page.map(({ id }) => id)), ({ modelId }) => modelId);
    return {
      ...(page.length > 0
        ? { registered_models: page.map((model) => modelAnswer(model, latest.get(model.id) ?? [])) }
        : {}),
      ...(found.length > limit ? { next_page_token: pageTokenAt(offset + limit) } : {}),
    };
  }

  /** The latest version in each stage, or in those named. @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async latest(caller: Program, name: string, stages: string[]): Promise<MlflowModelVersion[]> {
    const { id } = await this.model(caller, name);
    const wanted = stages.map(stageNamed);
    const latest = await this.models.latest([id]);
    return latest.filter(({ stage }) => wanted.length === 0 || wanted.includes(stage)).map(versionAnswer);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async setTag(caller: Program, name: string, key: string, value: string): Promise<void> {
    const change = tagsOf([{ key, value }]);
    const { id } = await this.model(caller, name);
    await this.annotations.tag(caller.userId, id, change);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async deleteTag(caller: Program, name: string, key: string): Promise<void> {
    checkTagKey(key);
    const { id } = await this.model(caller, name);
    await this.annotations.tag(caller.userId, id, { [key]: null });
  }

  /**
   * Points an alias to a version; @champion only past the model's gates.
   * @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE, MalloError model.gate_failed …
   */
  async setAlias(caller: Program, name: string, alias: string, version: string): Promise<void> {
    checkNewAlias(alias);
    const found = await this.version(caller, name, version);
    const wish = { version: found.version, alias, reason: '', key: crypto.randomUUID() };
    await this.aliases.promote(caller.userId, found.modelId, wish);
  }

  /** One that is not set is removed already. @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async deleteAlias(caller: Program, name: string, alias: string): Promise<void> {
    checkAlias(alias);
    const model = await this.model(caller, name);
    if (aliasIn(model, alias) === undefined) return;
    try {
      await this.aliases.remove(caller.userId, model.id, alias, { reason: '', key: crypto.randomUUID() });
    } catch (error) {
      // Somebody else was faster.
      if (!(error instanceof MalloError) || error.code !== 'model.alias_unset') throw error;
    }
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE */
  async byAlias(caller: Program, name: string, alias: string): Promise<ListedVersion> {
    checkAlias(alias);
    const model = await this.model(caller, name);
    if (alias.toLowerCase() === 'latest') return this.newest(model);
    const number = aliasIn(model, alias);
    const found = number === undefined ? null : await this.models.version(model.id, number);
    if (found) return found;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
  }

  /** The version with the highest number. @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async newest({ id, name }: ListedModel): Promise<ListedVersion> {
    const newest = (await this.models.latest([id])).at(-1);
    if (newest) return newest;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Latest version not found for model ${name}.`);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async model({ projectId }: Pick<Program, 'projectId'>, name: string): Promise<ListedModel> {
    const model = await this.models.byName(projectId, name.normalize('NFC'));
    if (model) return model;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE of a version that is no number */
  async version(caller: Program, name: string, version: string): Promise<ListedVersion> {
    const number = numberOf(version);
    const model = await this.models.byName(caller.projectId, name.normalize('NFC'));
    const found = model && (await this.models.version(model.id, number));
    if (found) return found;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (name=${name}, version=${number}) not found`);
  }
}

/** The number that an alias points to. */
function aliasIn({ aliases }: ListedModel, alias: string): number | undefined {
  return ownValue(aliases ?? {}, alias);
}

async function named(taken: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MalloError) || error.code !== 'model.name_taken') throw error;
    throw new MlflowError('RESOURCE_ALREADY_EXISTS', taken, { cause: error });
  }
}

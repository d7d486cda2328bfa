import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import { type RouteInput, type RouteOutput, mlflowModelRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { versionAnswer } from './answers.js';
import { RegisteredModelsService } from './registered-models.service.js';

type In<Name extends keyof typeof routes> = RouteInput<(typeof routes)[Name]>;
type Out<Name extends keyof typeof routes> = Promise<RouteOutput<(typeof routes)[Name]>>;

@Controller()
export class RegisteredModelsController {
  constructor(private readonly models: RegisteredModelsService) {}

  @Endpoint(routes.create)
  async create(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'create'>): Out<'create'> {
    return { registered_model: await this.models.create(caller, body) };
  }

  @Endpoint(routes.rename)
  async rename(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'rename'>): Out<'rename'> {
    return { registered_model: await this.models.rename(caller, body.name, body.new_name) };
  }

  @Endpoint(routes.update)
  async update(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'update'>): Out<'update'> {
    return { registered_model: await this.models.describe(caller, body.name, body.description) };
  }

  @Endpoint(routes.remove)
  async remove(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'remove'>): Out<'remove'> {
    await this.models.remove(caller, body.name);
    return {};
  }

  @Endpoint(routes.get)
  async get(@CurrentProgram() caller: Program, @MlflowInput() { query }: In<'get'>): Out<'get'> {
    return { registered_model: await this.models.get(caller, query.name) };
  }

  @Endpoint(routes.search)
  search(@CurrentProgram() caller: Program, @MlflowInput() { query }: In<'search'>): Out<'search'> {
    return this.models.search(caller, query);
  }

  @Endpoint(routes.latest)
  async latest(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'latest'>): Out<'latest'> {
    const versions = await this.models.latest(caller, body.name, body.stages);
    return versions.length > 0 ? { model_versions: versions } : {};
  }

  @Endpoint(routes.latestByQuery)
  async latestByQuery(
    @CurrentProgram() caller: Program,
    @MlflowInput() { query }: In<'latestByQuery'>,
  ): Out<'latestByQuery'> {
    const versions = await this.models.latest(caller, query.name, query.stages);
    return versions.length > 0 ? { model_versions: versions } : {};
  }

  @Endpoint(routes.setTag)
  async setTag(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'setTag'>): Out<'setTag'> {
    await this.models.setTag(caller, body.name, body.key, body.value);
    return {};
  }

  @Endpoint(routes.deleteTag)
  async deleteTag(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'deleteTag'>): Out<'deleteTag'> {
    await this.models.deleteTag(caller, body.name, body.key);
    return {};
  }

  @Endpoint(routes.setAlias)
  async setAlias(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'setAlias'>): Out<'setAlias'> {
    await this.models.setAlias(caller, body.name, body.alias, body.version);
    return {};
  }

  @Endpoint(routes.deleteAlias)
  async deleteAlias(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'deleteAlias'>): Out<'deleteAlias'> {
    await this.models.deleteAlias(caller, body.name, body.alias);
    return {};
  }

  @Endpoint(routes.byAlias)
  async byAlias(@CurrentProgram() caller: Program, @MlflowInput() { query }: In<'byAlias'>): Out<'byAlias'> {
    return { model_version: versionAnswer(await this.models.byAlias(caller, query.name, query.alias)) };
  }
}

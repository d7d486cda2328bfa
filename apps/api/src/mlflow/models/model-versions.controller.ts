import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import { type RouteInput, type RouteOutput, mlflowVersionRoutes as routes } from '@mallo/contracts';
import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { authorizationOf } from '../tracking.client.js';
import { versionAnswer } from './answers.js';
import { ModelVersionsService } from './model-versions.service.js';
import { RegistrationService } from './registration.service.js';

type In<Name extends keyof typeof routes> = RouteInput<(typeof routes)[Name]>;
type Out<Name extends keyof typeof routes> = Promise<RouteOutput<(typeof routes)[Name]>>;

@Controller()
export class ModelVersionsController {
  constructor(
    private readonly versions: ModelVersionsService,
    private readonly registration: RegistrationService,
  ) {}

  @Endpoint(routes.create)
  async create(
    @CurrentProgram() caller: Program,
    @MlflowInput() { body }: In<'create'>,
    @Req() request: FastifyRequest,
  ): Out<'create'> {
    const made = await this.registration.register(caller, authorizationOf(request.headers), body);
    return { model_version: versionAnswer(made) };
  }

  @Endpoint(routes.update)
  async update(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'update'>): Out<'update'> {
    return { model_version: await this.versions.describe(caller, body) };
  }

  @Endpoint(routes.transition)
  async transition(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'transition'>): Out<'transition'> {
    return { model_version: await this.versions.moveTo(caller, body) };
  }

  @Endpoint(routes.remove)
  async remove(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'remove'>): Out<'remove'> {
    await this.versions.remove(caller, body);
    return {};
  }

  @Endpoint(routes.get)
  async get(@CurrentProgram() caller: Program, @MlflowInput() { query }: In<'get'>): Out<'get'> {
    return { model_version: await this.versions.get(caller, query) };
  }

  @Endpoint(routes.search)
  search(@CurrentProgram() caller: Program, @MlflowInput() { query }: In<'search'>): Out<'search'> {
    return this.versions.search(caller, query);
  }

  @Endpoint(routes.downloadUri)
  async downloadUri(
    @CurrentProgram() caller: Program,
    @MlflowInput() { query }: In<'downloadUri'>,
  ): Out<'downloadUri'> {
    return { artifact_uri: await this.versions.downloadUri(caller, query) };
  }

  @Endpoint(routes.setTag)
  async setTag(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'setTag'>): Out<'setTag'> {
    await this.versions.setTag(caller, body);
    return {};
  }

  @Endpoint(routes.deleteTag)
  async deleteTag(@CurrentProgram() caller: Program, @MlflowInput() { body }: In<'deleteTag'>): Out<'deleteTag'> {
    await this.versions.deleteTag(caller, body);
    return {};
  }
}

import { Module } from '@nestjs/common';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { ArtifactsRepository } from './artifacts/artifacts.repository.js';
import { ArtifactsService } from './artifacts/artifacts.service.js';
import { MultipartService } from './artifacts/multipart.service.js';
import { Callers } from './caller.js';

/** MLflow's dialect of what the api holds: artifacts, registered models and their versions. */
@Module({
  imports: [ProjectsModule, ObjectsModule, ExperimentsModule, RegistryModule],
  controllers: [ArtifactsController],
  providers: [Callers, ArtifactsService, ArtifactsRepository, MultipartService],
})
export class MlflowModule {}

import { Module } from '@nestjs/common';
import { ComputeModule } from '../compute/compute.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { ArtifactsRepository } from './artifacts/artifacts.repository.js';
import { ArtifactsService } from './artifacts/artifacts.service.js';
import { ChangedFiles } from './artifacts/changed-files.js';
import { MultipartService } from './artifacts/multipart.service.js';
import { RemovedRunsController } from './artifacts/removed-runs.controller.js';
import { RemovedRunsService } from './artifacts/removed-runs.service.js';
import { RunFilesController } from './artifacts/run-files.controller.js';
import { ModelImportsController } from './models/model-imports.controller.js';
import { ModelImportsService } from './models/model-imports.service.js';
import { ModelVersionsController } from './models/model-versions.controller.js';
import { ModelVersionsService } from './models/model-versions.service.js';
import { RegisteredModelsController } from './models/registered-models.controller.js';
import { RegisteredModelsService } from './models/registered-models.service.js';
import { RegistrationService } from './models/registration.service.js';
import { RunArtifactsController } from './run-artifacts/run-artifacts.controller.js';
import { RunArtifactsService } from './run-artifacts/run-artifacts.service.js';
import { TrackingClient } from './tracking.client.js';

/** MLflow's dialect of what the api holds: artifacts, registered models and their versions; and people's view of these. */
@Module({
  imports: [ObjectsModule, ExperimentsModule, RegistryModule, ProjectsModule, ComputeModule],
  controllers: [
    ArtifactsController,
    RunFilesController,
    RemovedRunsController,
    RegisteredModelsController,
    ModelVersionsController,
    ModelImportsController,
    RunArtifactsController,
  ],
  providers: [
    ArtifactsService,
    ArtifactsRepository,
    ChangedFiles,
    MultipartService,
    RemovedRunsService,
    TrackingClient,
    RegisteredModelsService,
    ModelVersionsService,
    RegistrationService,
    ModelImportsService,
    RunArtifactsService,
  ],
  exports: [RunArtifactsService],
})
export class MlflowModule {}

import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AliasesController } from './aliases.controller.js';
import { AliasesRepository } from './aliases.repository.js';
import { AliasesService } from './aliases.service.js';
import { AnnotationsController } from './annotations.controller.js';
import { AnnotationsService } from './annotations.service.js';
import { DeletionsController } from './deletions.controller.js';
import { DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';
import { ModelFiles } from './files/model-files.js';
import { GatesController } from './gates.controller.js';
import { GatesRepository } from './gates.repository.js';
import { GatesService } from './gates.service.js';
import { ListedModelsRepository } from './listed-models.repository.js';
import { ListedVersionsRepository } from './listed-versions.repository.js';
import { ModelImportsRepository } from './model-imports.repository.js';
import { ModelSearchRepository } from './model-search.repository.js';
import { ModelsRepository } from './models.repository.js';
import { ModelsService } from './models.service.js';
import { NotesRepository } from './notes.repository.js';
import { RegistrationsController } from './registrations.controller.js';
import { RegistrationsRepository } from './registrations.repository.js';
import { RegistrationsService } from './registrations.service.js';
import { RegistryController } from './registry.controller.js';
import { RegistryRepository } from './registry.repository.js';
import { RegistryService } from './registry.service.js';
import { TagsRepository } from './tags.repository.js';

@Module({
  imports: [ObjectsModule, ProjectsModule, UploadsModule, DatasetsModule, ExperimentsModule],
  controllers: [
    RegistryController,
    RegistrationsController,
    AliasesController,
    GatesController,
    DeletionsController,
    AnnotationsController,
  ],
  providers: [
    RegistryService,
    RegistryRepository,
    ModelSearchRepository,
    GatesService,
    GatesRepository,
    AnnotationsService,
    TagsRepository,
    NotesRepository,
    RegistrationsService,
    RegistrationsRepository,
    ModelFiles,
    AliasesService,
    AliasesRepository,
    DeletionsService,
    DeletionsRepository,
    ModelsService,
    ModelsRepository,
    ModelImportsRepository,
    ListedModelsRepository,
    ListedVersionsRepository,
  ],
  exports: [RegistryService, RegistrationsService, AliasesService, AnnotationsService, ModelsService],
})
export class RegistryModule {}

import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AliasesController } from './aliases.controller.js';
import { AliasesRepository } from './aliases.repository.js';
import { AliasesService } from './aliases.service.js';
import { DeletionsController } from './deletions.controller.js';
import { DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';
import { ModelFiles } from './files/model-files.js';
import { RegistrationsController } from './registrations.controller.js';
import { RegistrationsRepository } from './registrations.repository.js';
import { RegistrationsService } from './registrations.service.js';
import { RegistryController } from './registry.controller.js';
import { RegistryRepository } from './registry.repository.js';
import { RegistryService } from './registry.service.js';

@Module({
  imports: [ObjectsModule, ProjectsModule, UploadsModule],
  controllers: [RegistryController, RegistrationsController, AliasesController, DeletionsController],
  providers: [
    RegistryService,
    RegistryRepository,
    RegistrationsService,
    RegistrationsRepository,
    ModelFiles,
    AliasesService,
    AliasesRepository,
    DeletionsService,
    DeletionsRepository,
  ],
  exports: [RegistryService, AliasesService],
})
export class RegistryModule {}

import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistryController } from './registry.controller.js';
import { RegistryRepository } from './registry.repository.js';
import { RegistryService } from './registry.service.js';

@Module({
  imports: [ObjectsModule, ProjectsModule],
  controllers: [RegistryController],
  providers: [RegistryService, RegistryRepository],
  exports: [RegistryService],
})
export class RegistryModule {}

import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { ExportsService } from './exports.service.js';
import { ImportsService } from './imports.service.js';
import { RegistryFileController } from './registry-file.controller.js';
import { RegistryFileRepository } from './registry-file.repository.js';

@Module({
  imports: [ObjectsModule, ProjectsModule, UploadsModule],
  controllers: [RegistryFileController],
  providers: [ExportsService, ImportsService, RegistryFileRepository],
})
export class RegistryFileModule {}

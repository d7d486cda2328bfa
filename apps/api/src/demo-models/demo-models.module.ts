import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { DemoModelsController } from './demo-models.controller.js';
import { DemoModelsService } from './demo-models.service.js';

@Module({
  imports: [ObjectsModule, ProjectsModule, RegistryModule, UploadsModule],
  controllers: [DemoModelsController],
  providers: [DemoModelsService],
})
export class DemoModelsModule {}

import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { InferenceController } from './inference.controller.js';
import { InferenceService } from './inference.service.js';
import { Runner } from './runner.js';

@Module({
  imports: [ObjectsModule, RegistryModule],
  controllers: [InferenceController],
  providers: [InferenceService, Runner],
})
export class InferenceModule {}

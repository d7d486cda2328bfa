import { Module } from '@nestjs/common';
import { IntentParserClient } from '../conversations/intent-parser.client.js';
import { AddedModelsRepository } from './added/added-models.repository.js';
import { AddedModelsService } from './added/added-models.service.js';
import { TrainerPackages } from './trainer-packages.js';
import { ZooController } from './zoo.controller.js';
import { ZooService } from './zoo.service.js';

@Module({
  controllers: [ZooController],
  providers: [ZooService, AddedModelsService, AddedModelsRepository, TrainerPackages, IntentParserClient],
  exports: [ZooService],
})
export class ZooModule {}

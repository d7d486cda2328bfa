import { Module } from '@nestjs/common';
import { ComputeModule } from '../compute/compute.module.js';
import { MessagesModule } from '../conversations/messages.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { ZooModule } from '../zoo/zoo.module.js';
import { ConfigsController } from './configs.controller.js';
import { ConfigsRepository } from './configs.repository.js';
import { ConfigsService } from './configs.service.js';
import { EstimateService } from './estimate.service.js';
import { SurroundingsService } from './surroundings.service.js';

@Module({
  imports: [
    ProjectsModule,
    DatasetsModule,
    ZooModule,
    ExperimentsModule,
    ComputeModule,
    MessagesModule,
    WorkflowsModule,
  ],
  controllers: [ConfigsController],
  providers: [ConfigsService, ConfigsRepository, EstimateService, SurroundingsService],
  exports: [ConfigsService],
})
export class ConfigsModule {}

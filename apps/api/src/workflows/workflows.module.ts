import { Module } from '@nestjs/common';
import { ComputeModule } from '../compute/compute.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ZooModule } from '../zoo/zoo.module.js';
import { DbosWorkflows } from './dbos.js';
import { TrainingActivities } from './training.activities.js';

@Module({
  imports: [ComputeModule, ExperimentsModule, DatasetsModule, RegistryModule, ZooModule],
  providers: [DbosWorkflows, TrainingActivities],
  exports: [DbosWorkflows],
})
export class WorkflowsModule {}

import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { ZooModule } from '../zoo/zoo.module.js';
import { Compute } from './compute.js';
import { LocalCompute } from './compute.local.js';
import { MachineController } from './machine.controller.js';
import { MachineService } from './machine.service.js';
import { Sidecars } from './sidecars.js';
import { WeightsService } from './weights.service.js';

@Module({
  imports: [ExperimentsModule, DatasetsModule, ZooModule],
  controllers: [MachineController],
  providers: [Sidecars, MachineService, WeightsService, LocalCompute, { provide: Compute, useExisting: LocalCompute }],
  exports: [Compute, MachineService, WeightsService],
})
export class ComputeModule {}

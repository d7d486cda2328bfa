import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { MlflowModule } from '../mlflow/mlflow.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ModelCardsController } from './model-cards.controller.js';
import { ModelCardsService } from './model-cards.service.js';

@Module({
  imports: [RegistryModule, DatasetsModule, MlflowModule],
  controllers: [ModelCardsController],
  providers: [ModelCardsService],
})
export class ModelCardsModule {}

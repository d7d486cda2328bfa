import type { DynamicModule } from '@nestjs/common';
import { MlflowExperimentsController } from './experiments.controller.js';
import { ExperimentsService } from './experiments.service.js';
import { LoggedModelsController } from './logged-models.controller.js';
import { LoggedModelsService } from './logged-models.service.js';
import { LoggingService } from './logging.service.js';
import { MlflowMetricsController } from './metrics.controller.js';
import { ModelFilesClient } from './model-files.client.js';
import { RunRelationsService } from './run-relations.service.js';
import { MlflowRunsController } from './runs.controller.js';
import { MlflowRunsService } from './runs.service.js';
import { ServerInfoController } from './server-info.controller.js';

class MlflowModule {}

/** MLflow's REST API of experiments, runs, metrics and logged models. */
export function mlflowModule(tracking: DynamicModule, apiUrl: string | undefined): DynamicModule {
  return {
    module: MlflowModule,
    imports: [tracking],
    controllers: [
      MlflowExperimentsController,
      MlflowRunsController,
      MlflowMetricsController,
      LoggedModelsController,
      ServerInfoController,
    ],
    providers: [
      ExperimentsService,
      MlflowRunsService,
      RunRelationsService,
      LoggingService,
      LoggedModelsService,
      { provide: ModelFilesClient, useFactory: () => new ModelFilesClient(apiUrl) },
    ],
  };
}

import { operatorMetricsModule, Tokens } from '@mallo/backend';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { ArchitectureLayersModule } from './architecture-layers/architecture-layers.module.js';
import { ComputeModule } from './compute/compute.module.js';
import { ConfigsModule } from './configs/configs.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { ConversionModule } from './conversion/conversion.module.js';
import { Database } from './database/database.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { DemoModelsModule } from './demo-models/demo-models.module.js';
import { DocsModule } from './docs/docs.module.js';
import { ExperimentsModule } from './experiments/experiments.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { InferenceModule } from './inference/inference.module.js';
import { MlflowModule } from './mlflow/mlflow.module.js';
import { ModelCardsModule } from './model-cards/model-cards.module.js';
import { ObjectsModule } from './objects/objects.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RegistryFileModule } from './registry-file/registry-file.module.js';
import { LOG, SETTINGS, type Settings } from './settings.js';
import { SystemModule } from './system/system.module.js';
import { TelemetryClient } from './telemetry/telemetry.client.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';
import { ZooModule } from './zoo/zoo.module.js';

/** What every capability may use: settings, log, database, tokens, telemetry. */
@Global()
@Module({})
class FoundationModule {
  static with(settings: Settings, log: Logger, database: Database): DynamicModule {
    const tokens = new Tokens(settings.MALLO_JWT_SECRET);
    return {
      module: FoundationModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        { provide: Database, useValue: database },
        { provide: Tokens, useValue: tokens },
        { provide: TelemetryClient, useValue: new TelemetryClient(settings.TELEMETRY_URL, tokens) },
      ],
      exports: [SETTINGS, LOG, Database, Tokens, TelemetryClient],
    };
  }
}

@Module({})
class ApiModule {}

/** The api: its capabilities, one module each. */
export function apiModule(settings: Settings, log: Logger, database: Database): DynamicModule {
  return {
    module: ApiModule,
    imports: [
      FoundationModule.with(settings, log, database),
      operatorMetricsModule(),
      IdentityModule,
      ProjectsModule,
      ObjectsModule,
      UploadsModule,
      DatasetsModule,
      ZooModule,
      RegistryModule,
      RegistryFileModule,
      MlflowModule,
      ModelCardsModule,
      DemoModelsModule,
      ConversionModule,
      InferenceModule,
      ArchitectureLayersModule,
      ExperimentsModule,
      ComputeModule,
      WorkflowsModule,
      ConfigsModule,
      ConversationsModule,
      DocsModule,
      SystemModule,
    ],
  };
}

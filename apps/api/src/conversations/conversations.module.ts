import { Module } from '@nestjs/common';
import { ConfigsModule } from '../configs/configs.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { InsightsModule } from '../insights/insights.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ZooModule } from '../zoo/zoo.module.js';
import { CommandsService } from './commands.service.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { IntentParserClient } from './intent-parser.client.js';
import { MessagesModule } from './messages.module.js';
import { ModelCommandsService } from './model-commands.service.js';
import { UnderstandingService } from './understanding.service.js';

@Module({
  imports: [
    MessagesModule,
    ConfigsModule,
    ProjectsModule,
    DatasetsModule,
    ExperimentsModule,
    InsightsModule,
    RegistryModule,
    ZooModule,
  ],
  controllers: [ConversationsController],
  providers: [
    ConversationsService,
    ConversationsRepository,
    CommandsService,
    ModelCommandsService,
    UnderstandingService,
    IntentParserClient,
  ],
})
export class ConversationsModule {}

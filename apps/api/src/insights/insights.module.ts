import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { ExperimentsModule } from '../experiments/experiments.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ZooModule } from '../zoo/zoo.module.js';
import { EvidenceService } from './evidence.service.js';
import { InsightsService } from './insights.service.js';
import { LiveSnapshots } from './live-snapshots.js';
import { AnswersClient } from './llm/answers.client.js';
import { WordedAnswerService } from './llm/worded-answer.service.js';
import { TopicsService } from './topics/topics.service.js';

@Module({
  imports: [ExperimentsModule, RegistryModule, DatasetsModule, ZooModule],
  providers: [InsightsService, TopicsService, EvidenceService, LiveSnapshots, WordedAnswerService, AnswersClient],
  exports: [InsightsService],
})
export class InsightsModule {}

import { Module } from '@nestjs/common';
import { MessagesModule } from '../conversations/messages.module.js';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { LivePublisher } from './live.publisher.js';
import { RunsController } from './runs.controller.js';
import { RunsMetrics } from './runs.metrics.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { TrainingRecords } from './training-records.js';
import { TrainingRecordsRepository } from './training-records.repository.js';

@Module({
  imports: [ProjectsModule, ObjectsModule, MessagesModule],
  controllers: [RunsController],
  providers: [RunsService, RunsRepository, RunsMetrics, LivePublisher, TrainingRecords, TrainingRecordsRepository],
  exports: [RunsService],
})
export class ExperimentsModule {}

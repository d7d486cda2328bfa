import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { DatasetFiles } from './dataset-files.js';
import { DatasetImages } from './dataset-images.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsRepository } from './datasets.repository.js';
import { DatasetsService } from './datasets.service.js';
import { Thumbnails } from './thumbnails.js';

@Module({
  imports: [ObjectsModule, ProjectsModule],
  controllers: [DatasetsController],
  providers: [DatasetsService, DatasetsRepository, DatasetFiles, DatasetImages, Thumbnails],
  exports: [DatasetsService],
})
export class DatasetsModule {}

import type { Tokens } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import { ExperimentSearch } from './experiment-search.js';
import { ExperimentsRepository } from './experiments.repository.js';
import { ImportsController } from './imports.controller.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { LoggedModelSearch } from './logged-model-search.js';
import { LoggedModelsRepository } from './logged-models.repository.js';
import { LoggedRunsRepository } from './logged-runs.repository.js';
import { ProgramRunsService } from './program-runs.service.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';
import { RunInputsRepository } from './run-inputs.repository.js';
import { RunSearchRepository } from './run-search.repository.js';
import { TrackedRunsRepository } from './tracked-runs.repository.js';
import { TrackingController } from './tracking.controller.js';
import { TrackingService } from './tracking.service.js';
import { TrainingsRepository } from './trainings.repository.js';

class TrackingModule {}

/** Experiments and runs: what is kept of them, and finding them. */
export function trackingModule(tokens: Tokens, apiUrl: string | undefined): DynamicModule {
  return {
    module: TrackingModule,
    controllers: [TrackingController, ImportsController],
    providers: [
      TrackingService,
      ProjectsRepository,
      TrainingsRepository,
      TrackedRunsRepository,
      RunSearchRepository,
      ExperimentsRepository,
      ExperimentSearch,
      LoggedRunsRepository,
      ProgramRunsService,
      RunInputsRepository,
      LoggedModelsRepository,
      LoggedModelSearch,
      ImportsService,
      ImportsRepository,
      {
        provide: ProjectsService,
        inject: [ProjectsRepository],
        useFactory: (projects: ProjectsRepository) => new ProjectsService(projects, tokens, apiUrl),
      },
    ],
    exports: [
      ProjectsService,
      TrackingService,
      RunSearchRepository,
      ExperimentsRepository,
      ExperimentSearch,
      LoggedRunsRepository,
      ProgramRunsService,
      RunInputsRepository,
      LoggedModelsRepository,
      LoggedModelSearch,
    ],
  };
}

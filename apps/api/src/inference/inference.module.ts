import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { SETTINGS, type Settings } from '../settings.js';
import { InferenceController } from './inference.controller.js';
import { InferenceService } from './inference.service.js';
import { RunnerPool } from './runner-pool.js';

const IDLE_MS = 300_000;
/** Longer than any model takes to open, or for an image. */
const TIMEOUT_MS = 120_000;

@Module({
  imports: [ObjectsModule, RegistryModule],
  controllers: [InferenceController],
  providers: [
    InferenceService,
    {
      provide: RunnerPool,
      inject: [SETTINGS],
      useFactory: ({ MALLO_INFERENCE_MEMORY_BYTES: memoryBytes }: Settings) =>
        new RunnerPool({ memoryBytes, idleMs: IDLE_MS, timeoutMs: TIMEOUT_MS }),
    },
  ],
})
export class InferenceModule {}

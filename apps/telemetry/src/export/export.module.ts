import type { DynamicModule } from '@nestjs/common';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';

class ExportModule {}

/** What runs logged, to be taken elsewhere. */
export function exportModule(tracking: DynamicModule): DynamicModule {
  return { module: ExportModule, imports: [tracking], controllers: [ExportController], providers: [ExportService] };
}

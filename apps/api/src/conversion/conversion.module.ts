import { Module } from '@nestjs/common';
import { ObjectsModule } from '../objects/objects.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { ConversionController } from './conversion.controller.js';
import { ConversionService } from './conversion.service.js';

@Module({
  imports: [ObjectsModule, RegistryModule, UploadsModule],
  controllers: [ConversionController],
  providers: [ConversionService],
})
export class ConversionModule {}

import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { ArchitectureLayersController } from './architecture-layers.controller.js';
import { ArchitectureLayersService } from './architecture-layers.service.js';

@Module({
  imports: [RegistryModule],
  controllers: [ArchitectureLayersController],
  providers: [ArchitectureLayersService],
})
export class ArchitectureLayersModule {}

import { Module } from '@nestjs/common';
import { ZooController } from './zoo.controller.js';
import { ZooService } from './zoo.service.js';

@Module({ controllers: [ZooController], providers: [ZooService], exports: [ZooService] })
export class ZooModule {}

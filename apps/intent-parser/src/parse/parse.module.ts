import { Module } from '@nestjs/common';
import { ParseController } from './parse.controller.js';
import { ParseService } from './parse.service.js';

/** The service adds the LlmService, which comes with the settings. */
@Module({ controllers: [ParseController], providers: [ParseService] })
export class ParseModule {}

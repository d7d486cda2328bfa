import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module.js';
import { ApiTokensRepository } from './api-tokens.repository.js';
import { ApiTokensService } from './api-tokens.service.js';
import { IdentityController } from './identity.controller.js';
import { IdentityService } from './identity.service.js';
import { SessionsRepository } from './sessions.repository.js';
import { UsersRepository } from './users.repository.js';

@Module({
  imports: [ProjectsModule],
  controllers: [IdentityController],
  providers: [IdentityService, UsersRepository, SessionsRepository, ApiTokensRepository, ApiTokensService],
})
export class IdentityModule {}

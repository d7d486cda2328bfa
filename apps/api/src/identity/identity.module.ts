import { Module } from '@nestjs/common';
import { ApiTokensRepository } from './api-tokens.repository.js';
import { IdentityController } from './identity.controller.js';
import { IdentityService } from './identity.service.js';
import { SessionsRepository } from './sessions.repository.js';
import { UsersRepository } from './users.repository.js';

@Module({
  controllers: [IdentityController],
  providers: [IdentityService, UsersRepository, SessionsRepository, ApiTokensRepository],
})
export class IdentityModule {}

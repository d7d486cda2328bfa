import type { Gate, GateChange, RegisteredModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { Reasoned } from './aliases.service.js';
import { GatesRepository } from './gates.repository.js';
import { RegistryService } from './registry.service.js';

/** What a version must show before it can be the champion. */
@Injectable()
export class GatesService {
  constructor(
    private readonly gates: GatesRepository,
    private readonly registry: RegistryService,
  ) {}

  /** @throws MalloError model.not_found */
  async set(userId: string, modelId: string, wish: Reasoned & { gates: Gate[] }): Promise<RegisteredModel> {
    await this.registry.checkOwner(userId, modelId);
    await this.gates.set(modelId, wish.gates, { userId, key: wish.key, reason: wish.reason });
    return this.registry.get(userId, modelId);
  }

  /** The latest first. @throws MalloError model.not_found */
  async changes(userId: string, modelId: string): Promise<GateChange[]> {
    await this.registry.checkOwner(userId, modelId);
    return this.gates.changes(modelId);
  }
}

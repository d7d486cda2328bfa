import { type AliasChange, type AliasState, MalloError, type RegisteredModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { CANDIDATE, CHAMPION, promoted, ROLLBACK, removed, rolledBack } from './alias-state.js';
import { AliasesRepository, type NextState } from './aliases.repository.js';
import { RegistryService } from './registry.service.js';

/** Why, and a key of the sender's: the same key again changes nothing more. */
export type Reasoned = { reason: string; key: string };

/** Promoting versions and taking that back. */
@Injectable()
export class AliasesService {
  constructor(
    private readonly aliases: AliasesRepository,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Points an alias to a version, without one to the candidate.
   * @throws MalloError model.not_found also when there is no such version, model.alias_unset when nothing waits,
   * model.gate_failed, model.gate_dataset_differs, model.gate_metric_missing
   */
  async promote(
    userId: string,
    modelId: string,
    wish: Reasoned & { version?: string | undefined; alias: string },
  ): Promise<RegisteredModel> {
    if (wish.version) await this.registry.version(userId, modelId, wish.version);
    const next = (state: AliasState) => {
      const version = wish.version ?? state[CANDIDATE];
      return version === undefined ? null : promoted(state, wish.alias, version);
    };
    return this.change(userId, modelId, 'promote', wish, next, CANDIDATE);
  }

  /**
   * Swaps the champion with the version before it; with `from` only while that is the champion.
   * @throws MalloError model.not_found, model.alias_unset when there is nothing to fall back to, request.conflict
   */
  rollback(userId: string, modelId: string, wish: Reasoned & { from?: string | undefined }): Promise<RegisteredModel> {
    const next = (state: AliasState) => {
      if (wish.from && state[CHAMPION] !== wish.from) throw new MalloError('request.conflict');
      return rolledBack(state);
    };
    return this.change(userId, modelId, 'rollback', wish, next, ROLLBACK);
  }

  /** @throws MalloError model.not_found, model.alias_unset */
  remove(userId: string, modelId: string, alias: string, wish: Reasoned): Promise<RegisteredModel> {
    return this.change(userId, modelId, 'remove', wish, (state) => removed(state, alias), alias);
  }

  /** The latest first. @throws MalloError model.not_found */
  async changes(userId: string, modelId: string): Promise<AliasChange[]> {
    await this.registry.checkOwner(userId, modelId);
    return this.aliases.changes(modelId);
  }

  /** Returns to the aliases as they were after a change. @throws MalloError model.not_found */
  async restore(userId: string, modelId: string, changeId: string, wish: Reasoned): Promise<RegisteredModel> {
    const change = (await this.changes(userId, modelId)).find(({ id }) => id === changeId);
    if (!change) throw new MalloError('model.not_found');
    return this.change(userId, modelId, 'restore', wish, () => change.after, '');
  }

  private async change(
    userId: string,
    modelId: string,
    action: AliasChange['action'],
    { key, reason }: Reasoned,
    next: NextState,
    needed: string,
  ): Promise<RegisteredModel> {
    const { name } = await this.registry.get(userId, modelId);
    const done = await this.aliases.change(modelId, { key, action, userId, reason }, next);
    if (!done) throw new MalloError('model.alias_unset', { name, alias: needed });
    return this.registry.get(userId, modelId);
  }
}

import { type AliasChange, type AliasState, type ErrorCode, MalloError, type RegisteredModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { CANDIDATE, CHAMPION, promoted, removed, rolledBack } from './alias-state.js';
import { AliasesRepository, type NextState } from './aliases.repository.js';
import { RegistryService } from './registry.service.js';

/** Why, and a key of the sender's: the same key again changes nothing more. */
export type Reasoned = { reason: string; key: string };

/** The same of a return to an earlier state, which may lead to a version that is deprecated by now where that is said. */
type Returning = Reasoned & { allowDeprecated?: boolean };

/** Promoting versions and taking that back. */
@Injectable()
export class AliasesService {
  constructor(
    private readonly aliases: AliasesRepository,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Points an alias to a version, without one to the candidate.
   * @throws MalloError model.not_found also when there is no such version, model.nothing_waits, model.version_deprecated,
   * model.gate_failed, model.gate_dataset_differs, model.gate_dataset_unknown, model.gate_metric_missing
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
    return this.change(userId, modelId, 'promote', wish, next, 'model.nothing_waits');
  }

  /**
   * Swaps the champion with the version before it; with `from` only while that is the champion.
   * @throws MalloError model.not_found, model.nothing_to_return_to, model.return_deprecated, request.conflict
   */
  async rollback(
    userId: string,
    modelId: string,
    wish: Returning & { from?: string | undefined },
  ): Promise<RegisteredModel> {
    const next = (state: AliasState) => {
      if (wish.from && state[CHAMPION] !== wish.from) throw new MalloError('request.conflict');
      return rolledBack(state);
    };
    checkReason(wish);
    return this.change(userId, modelId, 'rollback', wish, next, 'model.nothing_to_return_to');
  }

  /** @throws MalloError model.not_found, model.alias_unset */
  remove(userId: string, modelId: string, alias: string, wish: Reasoned): Promise<RegisteredModel> {
    return this.change(userId, modelId, 'remove', wish, (state) => removed(state, alias), 'model.alias_unset', alias);
  }

  /** The latest first. @throws MalloError model.not_found */
  async changes(userId: string, modelId: string): Promise<AliasChange[]> {
    await this.registry.checkOwner(userId, modelId);
    return this.aliases.changes(modelId);
  }

  /** Returns to the aliases as they were after a change. @throws MalloError model.not_found, model.return_deprecated */
  async restore(userId: string, modelId: string, changeId: string, wish: Returning): Promise<RegisteredModel> {
    checkReason(wish);
    const change = (await this.changes(userId, modelId)).find(({ id }) => id === changeId);
    if (!change) throw new MalloError('model.not_found');
    return this.change(userId, modelId, 'restore', wish, () => change.after, 'model.not_found');
  }

  private async change(
    userId: string,
    modelId: string,
    action: AliasChange['action'],
    { key, reason, allowDeprecated = false }: Returning,
    next: NextState,
    ...[refusal, alias = '']: [refusal: ErrorCode, alias?: string]
  ): Promise<RegisteredModel> {
    const { name } = await this.registry.get(userId, modelId);
    const done = await this.aliases.change(modelId, { key, action, userId, reason, allowDeprecated }, next);
    if (!done) throw new MalloError(refusal, { name, alias });
    return this.registry.get(userId, modelId);
  }
}

/** Whoever returns to a deprecated version says why. @throws MalloError model.return_unexplained */
function checkReason({ allowDeprecated, reason }: Returning): void {
  if (allowDeprecated && !reason.trim()) throw new MalloError('model.return_unexplained');
}

import { type Command, type Locale, MalloError, type MessagePart, type RegisteredModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AliasesService } from '../registry/aliases.service.js';
import { RegistryService } from '../registry/registry.service.js';
import type { Said } from './messages.repository.js';
import { say } from './phrases.js';

export type Confirmable = Extract<MessagePart, { type: 'confirm' }>['command'];

const Wanted = z.object({
  model: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  alias: z.string().catch('champion'),
});

/** Promoting and rolling back from the chat: first what would happen, and on a confirmation that. */
@Injectable()
export class ModelCommandsService {
  constructor(
    private readonly registry: RegistryService,
    private readonly aliases: AliasesService,
  ) {}

  /** Says what the command would do, and asks. */
  async ask(userId: string, projectId: string, command: Command, locale: Locale): Promise<Said> {
    const wanted = Wanted.parse(command);
    const models = await this.registry.list(userId, projectId);
    const model = wanted.model ? models.find(({ name }) => name === wanted.model) : only(models);
    if (!model) {
      const names = models.map(({ name }) => name).join(', ');
      return { text: say(locale, names ? 'noSuchModel' : 'noModels', { names }), parts: [] };
    }
    return command.kind === 'rollback'
      ? this.askRollback(model, locale)
      : this.askPromote(model, wanted.version ?? model.aliases.candidate, wanted.alias, locale);
  }

  /**
   * Does it; a gate that does not let the version pass, and a deprecation, are what the assistant answers.
   * @throws MalloError model.not_found, model.nothing_to_return_to, request.conflict when another was promoted since
   */
  async carryOut(
    userId: string,
    command: Exclude<Confirmable, { kind: 'stop' }>,
    key: string,
    locale: Locale,
  ): Promise<Said> {
    const reason = say(locale, 'fromChat');
    const change =
      command.kind === 'promote'
        ? this.aliases.promote(userId, command.model, { ...command, key, reason })
        : this.aliases.rollback(userId, command.model, { from: command.from, key, reason });
    const done = await change.catch(refusalOf);
    if (done instanceof MalloError) return { text: done.toProblem().message[locale], parts: [] };
    const alias = command.kind === 'promote' ? command.alias : 'champion';
    return {
      text: say(locale, 'promoted', { model: done.name, alias, version: done.aliases[alias] ?? '' }),
      parts: [],
    };
  }

  private askPromote(model: RegisteredModel, version: string | undefined, alias: string, locale: Locale): Said {
    if (!model.versions.some((known) => known.version === version) || !version) {
      const names = model.versions.map((known) => `${model.name} ${known.version}`).join(', ');
      return { text: say(locale, 'noSuchModel', { names }), parts: [] };
    }
    const before = model.aliases[alias];
    const values = { model: model.name, version, alias, before: before ?? '' };
    const { deprecation } = model.versions.find((known) => known.version === version) ?? {};
    if (deprecation) return { text: say(locale, 'deprecated', { ...values, reason: deprecation }), parts: [] };
    if (before === version) return { text: say(locale, 'alreadyPromoted', values), parts: [] };
    const consequence = before && say(locale, alias === 'champion' ? 'promoteReplaces' : 'promoteMoves', values);
    const text = [say(locale, 'promoteConfirm', values), consequence].filter(Boolean).join(' ');
    return { text, parts: [{ type: 'confirm', command: { kind: 'promote', model: model.id, version, alias } }] };
  }

  private askRollback(model: RegisteredModel, locale: Locale): Said {
    const { champion: now, rollback: before } = model.aliases;
    if (!now || !before) return { text: say(locale, 'nothingToRollBack', { model: model.name }), parts: [] };
    const { deprecation } = model.versions.find(({ version }) => version === before) ?? {};
    if (deprecation) {
      return { text: say(locale, 'rollbackDeprecated', { model: model.name, before, reason: deprecation }), parts: [] };
    }
    const text = say(locale, 'rollbackConfirm', { model: model.name, now, before });
    return { text, parts: [{ type: 'confirm', command: { kind: 'rollback', model: model.id, from: now } }] };
  }
}

/** Why the version is not to be used; whatever else went wrong is thrown on. */
function refusalOf(error: unknown): MalloError {
  if (error instanceof MalloError && /^model\.(gate_|(version|return)_deprecated$)/.test(error.code)) return error;
  throw error;
}

function only<T>(items: T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

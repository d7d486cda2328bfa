import {
  type ConfigCard,
  type Conversation,
  type Dataset,
  type Locale,
  MalloError,
  MESSAGE_MAX_LENGTH,
  type Message,
  type ParseContext,
  type ParseResponse,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ConfigsService } from '../configs/configs.service.js';
import { isDuplicate } from '../database/database.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { CommandsService } from './commands.service.js';
import { ConversationsRepository, type Reply } from './conversations.repository.js';
import { IntentParserClient } from './intent-parser.client.js';
import { MessagesRepository } from './messages.repository.js';
import { say } from './phrases.js';

/** Turns of the conversation that the parser is told. */
const HISTORY_LENGTH = 40;
const CONTEXT_RUNS = 50;

export type Exchange = { messages: Message[]; configs: ConfigCard[] };

const HANGUL = /\p{Script=Hangul}/u;

/** An answer such as “cats” or “3” has no language of its own: it is in the one of the question. */
function languageOf(text: string, parsed: ParseResponse, question: string | undefined): Locale {
  if (HANGUL.test(text) || (question !== undefined && HANGUL.test(question))) return 'ko';
  return parsed.language;
}

/** The chat: a message is understood, answered, and kept with its answer. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly parser: IntentParserClient,
    private readonly commands: CommandsService,
    private readonly configs: ConfigsService,
    private readonly projects: ProjectsService,
    private readonly datasets: DatasetsService,
    private readonly runs: RunsService,
    private readonly registry: RegistryService,
  ) {}

  /** @throws MalloError project.not_found */
  async list(userId: string, projectId: string): Promise<Conversation[]> {
    await this.projects.get(userId, projectId);
    return this.conversations.list(projectId);
  }

  /** @throws MalloError project.not_found */
  async create(userId: string, projectId: string): Promise<Conversation> {
    await this.projects.get(userId, projectId);
    return this.conversations.create(projectId);
  }

  /** @throws MalloError conversation.not_found */
  async get(userId: string, id: string): Promise<Conversation & Exchange> {
    const { conversation } = await this.find(userId, id);
    const [messages, configs] = await Promise.all([this.conversations.messages(id), this.configs.cardsOf(id)]);
    return { ...conversation, messages, configs };
  }

  /**
   * Says something and gets the answer; a repeat with the same `clientId` gets what was answered.
   * @throws MalloError conversation.message_too_long, server.unavailable; then nothing was kept
   */
  async send(userId: string, id: string, text: string, clientId: string): Promise<Exchange> {
    const { conversation, intent } = await this.find(userId, id);
    if (text.length > MESSAGE_MAX_LENGTH) {
      throw new MalloError('conversation.message_too_long', { length: text.length, limit: MESSAGE_MAX_LENGTH });
    }
    const before = await this.repeat(id, clientId);
    if (before) return before;
    const datasets = await this.datasets.list(userId, conversation.projectId);
    const context = await this.context(userId, conversation, datasets);
    const parsed = await this.parser.parse(text, { ...context, ...(intent ? { intent } : {}) });
    const locale = languageOf(text, parsed, intent !== null ? context.history?.at(-1)?.content : undefined);
    const reply = await this.reply(userId, conversation.projectId, { ...parsed, language: locale }, datasets);
    try {
      return await this.conversations.say(id, clientId, text, reply);
    } catch (error) {
      // The same message was kept by another request in the meantime.
      const kept = isDuplicate(error) ? await this.repeat(id, clientId) : null;
      if (kept) return kept;
      throw error;
    }
  }

  /**
   * Carries out what a message of ours asked to confirm. What it does is safe to repeat, and is told once.
   * @throws MalloError conversation.not_found, request.not_found when there is nothing to confirm
   */
  async confirm(userId: string, id: string, messageId: string): Promise<Exchange> {
    await this.find(userId, id);
    const message = (await this.conversations.messages(id)).find((said) => said.id === messageId);
    const part = message?.parts.find((found) => found.type === 'confirm');
    if (!message || !part) throw new MalloError('request.not_found');
    const locale = HANGUL.test(message.text) ? 'ko' : 'en';
    const said = await this.commands.carryOutConfirmed(userId, part.command, locale);
    return { messages: [await this.messages.append(id, `confirmed ${messageId}`, said)], configs: [] };
  }

  private async reply(userId: string, projectId: string, parsed: ParseResponse, datasets: Dataset[]): Promise<Reply> {
    const locale = parsed.language;
    const nothing = { parts: [], intent: null, card: null };
    if (parsed.status === 'out_of_scope') return { ...nothing, text: say(locale, 'outOfScope') };
    if (parsed.status === 'command' && parsed.command) {
      return { ...nothing, ...(await this.commands.carryOut(userId, projectId, parsed.command, locale)) };
    }
    if (parsed.status === 'needs_clarification') {
      const known = parsed.intent ?? null;
      const askable = parsed.questions.filter((question) => question.field !== 'dataset' || datasets.length > 0);
      const parts: Reply['parts'] = askable.length > 0 ? [{ type: 'questions', questions: askable }] : [];
      if (askable.length === parsed.questions.length) {
        return { text: askable.map((question) => question.question).join('\n'), parts, intent: known, card: null };
      }
      // There is nothing to choose from: a dataset must be made first.
      parts.push({ type: 'actions', actions: ['sample_dataset', 'upload_dataset'] });
      return { text: say(locale, 'needDataset'), parts, intent: known, card: null };
    }
    try {
      const card = await this.configs.fromIntent(userId, parsed.intent ?? {}, parsed.origin, locale);
      return { text: say(locale, 'config'), parts: [], intent: null, card };
    } catch (error) {
      if (!(error instanceof MalloError)) throw error;
      const problem = error.toProblem();
      return { text: problem.message[locale], parts: [{ type: 'problem', problem }], intent: null, card: null };
    }
  }

  private async context(userId: string, conversation: Conversation, datasets: Dataset[]): Promise<ParseContext> {
    const { projectId } = conversation;
    const [messages, runs, models] = await Promise.all([
      this.conversations.messages(conversation.id),
      this.runs.list(userId, projectId, CONTEXT_RUNS),
      this.registry.list(userId, projectId),
    ]);
    return {
      history: messages.slice(-HISTORY_LENGTH).map(({ role, text }) => ({ role, content: text })),
      datasets: datasets.map(({ id, name, taskType, version }) => ({
        id,
        name,
        taskType,
        classNames: version.classes.filter((row) => row.imageCount > 0).map((row) => row.name),
      })),
      runs: runs.map(({ id, name, status }) => ({ id, name, status })),
      models: models.map(({ name, versions }) => ({ name, versions: versions.map((version) => version.version) })),
    };
  }

  private async repeat(id: string, clientId: string): Promise<Exchange | null> {
    const messages = await this.conversations.exchange(id, clientId);
    if (!messages) return null;
    const shown = new Set(
      messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'config' ? part.configId : []))),
    );
    return { messages, configs: (await this.configs.cardsOf(id)).filter((card) => shown.has(card.id)) };
  }

  private async find(userId: string, id: string) {
    const found = await this.conversations.get(id);
    if (!found || !(await this.projects.owns(userId, found.conversation.projectId))) {
      throw new MalloError('conversation.not_found');
    }
    return found;
  }
}

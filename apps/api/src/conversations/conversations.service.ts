import {
  type AnswerSentence,
  type ConfigCard,
  type Conversation,
  type Dataset,
  MalloError,
  MESSAGE_MAX_LENGTH,
  type Message,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ConfigsService } from '../configs/configs.service.js';
import { isDuplicate } from '../database/database.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { CommandsService } from './commands.service.js';
import { ConversationsRepository, type Reply } from './conversations.repository.js';
import { languageIn } from './language.js';
import { MessagesRepository } from './messages.repository.js';
import { say } from './phrases.js';
import { UnderstandingService, type Understood } from './understanding.service.js';

export type Exchange = { messages: Message[]; configs: ConfigCard[] };
export type OnSentence = (sentence: AnswerSentence) => void;

/** The chat: a message is understood, answered, and kept with its answer. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly understanding: UnderstandingService,
    private readonly commands: CommandsService,
    private readonly configs: ConfigsService,
    private readonly projects: ProjectsService,
    private readonly datasets: DatasetsService,
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
    const [messages, configs] = await Promise.all([this.messages.all(id), this.configs.cardsOf(id)]);
    return { ...conversation, messages, configs };
  }

  /**
   * Says something and gets the answer; a repeat with the same `clientId` gets what was answered. Sentences of an
   * answer that takes its time are handed on as they come.
   * @throws MalloError conversation.message_too_long, server.unavailable; then nothing was kept
   */
  async send(userId: string, id: string, text: string, clientId: string, onSentence?: OnSentence): Promise<Exchange> {
    const { conversation, intent } = await this.mayBeSaid(userId, id, text);
    const before = await this.repeat(id, clientId);
    if (before) return before;
    const datasets = await this.datasets.list(userId, conversation.projectId);
    const understood = await this.understanding.understand(userId, conversation, text, datasets, intent);
    const reply = await this.reply(userId, conversation.projectId, text, understood, datasets, onSentence);
    try {
      return await this.conversations.say(id, clientId, { text, parts: [], context: understood.kept }, reply);
    } catch (error) {
      // The same message was kept by another request in the meantime.
      const kept = isDuplicate(error) ? await this.repeat(id, clientId) : null;
      if (kept) return kept;
      throw error;
    }
  }

  /** @throws MalloError conversation.not_found, conversation.message_too_long */
  async mayBeSaid(userId: string, id: string, text: string) {
    const found = await this.find(userId, id);
    if (text.length > MESSAGE_MAX_LENGTH) {
      throw new MalloError('conversation.message_too_long', { length: text.length, limit: MESSAGE_MAX_LENGTH });
    }
    return found;
  }

  /** @throws MalloError conversation.not_found, server.unavailable */
  async replay(userId: string, id: string) {
    await this.find(userId, id);
    return { configs: await this.understanding.replay(id) };
  }

  /**
   * Carries out what a message of ours asked to confirm. What it does is safe to repeat, and is told once.
   * @throws MalloError conversation.not_found, request.not_found when there is nothing to confirm
   */
  async confirm(userId: string, id: string, messageId: string): Promise<Exchange> {
    await this.find(userId, id);
    const message = (await this.messages.all(id)).find((said) => said.id === messageId);
    const part = message?.parts.find((found) => found.type === 'confirm');
    if (!message || !part) throw new MalloError('request.not_found');
    const locale = languageIn(message.text);
    const said = await this.commands.carryOutConfirmed(userId, part.command, messageId, locale);
    return { messages: [await this.messages.append(id, `confirmed ${messageId}`, said)], configs: [] };
  }

  private async reply(
    userId: string,
    projectId: string,
    text: string,
    { parsed, locale, openCard }: Understood,
    datasets: Dataset[],
    onSentence?: OnSentence,
  ): Promise<Reply> {
    const engine = {
      type: 'engine' as const,
      engine: parsed.engine ?? ('rules' as const),
      note: parsed.note ?? null,
      usage: parsed.usage ?? null,
    };
    // Neither a command nor what is not understood ends what is being asked.
    const beside = { intent: undefined, card: null };
    if (parsed.status === 'out_of_scope') return { ...beside, text: say(locale, 'outOfScope'), parts: [engine] };
    if (parsed.status === 'command' && parsed.command) {
      const asked = { command: parsed.command, question: text, locale, engine };
      return { ...beside, ...(await this.commands.carryOut(userId, projectId, asked, onSentence)) };
    }
    if (parsed.status === 'needs_clarification') {
      const intent = parsed.intent ?? null;
      const askable = parsed.questions.filter((question) => question.field !== 'dataset' || datasets.length > 0);
      const parts: Reply['parts'] = askable.length > 0 ? [{ type: 'questions', questions: askable }] : [];
      if (askable.length === parsed.questions.length) {
        const questions = askable.map((question) => question.question).join('\n');
        return { text: questions, parts: [...parts, engine], intent, card: null };
      }
      // There is nothing to choose from: a dataset must be made first.
      parts.push({ type: 'actions', actions: ['sample_dataset', 'upload_dataset'] }, engine);
      return { text: say(locale, 'needDataset'), parts, intent, card: null };
    }
    try {
      const card = await this.configs.fromIntent(userId, parsed.intent ?? {}, parsed.origin, locale);
      if (card.hash === openCard?.hash) {
        const parts: Reply['parts'] = [{ type: 'config', configId: openCard.id }, engine];
        return { text: say(locale, 'sameConfig'), parts, intent: null, card: null };
      }
      return { text: say(locale, 'config'), parts: [engine], intent: null, card };
    } catch (error) {
      if (!(error instanceof MalloError)) throw error;
      const problem = error.toProblem();
      const parts: Reply['parts'] = [{ type: 'problem', problem }, engine];
      // What was understood stays, so that it can be corrected.
      return { text: problem.message[locale], parts, intent: parsed.intent ?? null, card: null };
    }
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

import type { ConfigCard, Conversation, Dataset, Locale, Message, ParseContext, ParseResponse } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ConfigsService } from '../configs/configs.service.js';
import { chosenIntentOf, intentOf } from '../configs/intent-of.js';
import { RunsService } from '../experiments/runs.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { ZooService } from '../zoo/zoo.service.js';
import { IntentParserClient } from './intent-parser.client.js';
import { languageIn } from './language.js';
import { type KeptContext, MessagesRepository } from './messages.repository.js';

/** Turns of the conversation that the parser is told. */
const HISTORY_LENGTH = 40;
const CONTEXT_RUNS = 50;
/** "The same as last time" goes no further back than this. */
const RUNS_WITH_INTENT = 10;

export type Understood = { parsed: ParseResponse; locale: Locale; kept: KeptContext; openCard: ConfigCard | undefined };

/** What a message means, in its conversation and its project. */
@Injectable()
export class UnderstandingService {
  constructor(
    private readonly parser: IntentParserClient,
    private readonly messages: MessagesRepository,
    private readonly configs: ConfigsService,
    private readonly runs: RunsService,
    private readonly registry: RegistryService,
    private readonly zoo: ZooService,
  ) {}

  /** @throws MalloError server.unavailable when the parser does not answer */
  async understand(
    userId: string,
    { id, projectId }: Conversation,
    text: string,
    datasets: Dataset[],
    asked: ParseContext['intent'] | null,
  ): Promise<Understood> {
    const [messages, runs, models, cards, added] = await Promise.all([
      this.messages.all(id),
      this.runs.listWithConfigs(userId, projectId, CONTEXT_RUNS),
      this.registry.list(userId, projectId),
      this.configs.cardsOf(id),
      this.zoo.addedBy(userId),
    ]);
    const last = cards.at(-1);
    const openCard = last?.runId === null ? last : undefined;
    const context: KeptContext['context'] = {
      // After a start the conversation begins anew: what was said before is in the runs.
      intent: asked ?? (openCard ? chosenIntentOf(openCard) : last ? {} : undefined),
      datasets: datasets.map(({ id, name, taskType, version }) => ({
        id,
        name,
        taskType,
        classNames: version.classes.filter((row) => row.imageCount > 0).map((row) => row.name),
      })),
      runs: runs.map(({ id, name, status, config }, index) => ({
        id,
        name,
        status,
        ...(index < RUNS_WITH_INTENT ? { intent: intentOf(config) } : {}),
      })),
      addedModels: added.map(({ name, taskType, inputSize }) => ({ name, taskType, inputSize })),
      models: models.map(({ name, versions }) => ({ name, versions: versions.map((version) => version.version) })),
    };
    // While something is being asked the turns end with the question, whatever was said in between.
    const question = asked ? messages.findLastIndex(({ parts }) => parts.some(({ type }) => type === 'questions')) : -1;
    const turns = question >= 0 ? question + 1 : messages.length;
    const history = historyOf(messages, turns);
    const parsed = await this.parser.parse(text, { ...context, history });
    const locale = languageOf(text, parsed, asked ? history.at(-1)?.content : undefined);
    const reading = parsed.engine === 'llm' ? { intent: parsed.intent, origin: parsed.origin } : null;
    return { parsed, locale, kept: { context, turns, reading }, openCard };
  }

  /**
   * Understands each message that became a config once more, with what was known then; a config made before that was
   * kept is left out.
   */
  async replay(conversationId: string) {
    const [messages, contexts, cards] = await Promise.all([
      this.messages.all(conversationId),
      this.messages.contexts(conversationId),
      this.configs.cardsOf(conversationId),
    ]);
    const configs: { configId: string; understoodHash: string; replayedHash: string | null }[] = [];
    for (const card of cards) {
      const kept = contexts.get(card.messageId);
      const message = messages.find(({ id }) => id === card.messageId);
      if (!kept || !message) continue;
      const { context, turns, reading } = kept;
      const history = historyOf(messages, turns);
      const parsed = reading ?? (await this.parser.parse(message.text, { ...context, history }, 'rules'));
      const isTraining = !('status' in parsed) || parsed.status === 'complete';
      const hashes = await this.configs.replay(card.id, isTraining ? parsed : null);
      configs.push({ configId: card.id, ...hashes });
    }
    return configs;
  }
}

function historyOf(messages: Message[], turns: number): NonNullable<ParseContext['history']> {
  return messages.slice(Math.max(0, turns - HISTORY_LENGTH), turns).map(({ role, text }) => ({ role, content: text }));
}

/** An answer such as “cats” or “3” has no language of its own: it is in the one of the question. */
function languageOf(text: string, parsed: ParseResponse, question: string | undefined): Locale {
  return languageIn(text, question ?? '') === 'ko' ? 'ko' : parsed.language;
}

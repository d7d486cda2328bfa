import {
  type AnswerSentence,
  type Command,
  type LlmUsage,
  type Locale,
  MalloError,
  type MessagePart,
  type RunSummary,
  TaskType,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { InsightsService } from '../insights/insights.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { ZooService } from '../zoo/zoo.service.js';
import type { Said } from './messages.repository.js';
import { type Confirmable, ModelCommandsService } from './model-commands.service.js';
import { say } from './phrases.js';

/** What `search_zoo` may say of the models. */
const ZooCommand = z.object({
  query: z.string().catch(''),
  taskType: TaskType.optional().catch(undefined),
  maxParamsM: z.number().optional().catch(undefined),
});
const LIST_LENGTH = 20;

type EnginePart = Extract<MessagePart, { type: 'engine' }>;
type OnSentence = (sentence: AnswerSentence) => void;

/** A command, with the words it was asked in and who understood them. */
export type Asked = { command: Command; question: string; locale: Locale; engine: EnginePart };

/** Sentences that ask for something other than a training. */
@Injectable()
export class CommandsService {
  constructor(
    private readonly runs: RunsService,
    private readonly datasets: DatasetsService,
    private readonly registry: RegistryService,
    private readonly zoo: ZooService,
    private readonly insights: InsightsService,
    private readonly modelCommands: ModelCommandsService,
  ) {}

  /** Does what was asked and says what came of it, and who understood it. */
  async carryOut(userId: string, projectId: string, asked: Asked, onSentence?: OnSentence): Promise<Said> {
    const { command, locale, engine } = asked;
    if (command.kind === 'explain' || command.kind === 'compare' || command.kind === 'status') {
      return this.explain(userId, projectId, asked, onSentence);
    }
    const { text, parts } = await this.answer(userId, projectId, command, locale);
    return { text, parts: [...parts, engine] };
  }

  private async answer(userId: string, projectId: string, command: Command, locale: Locale): Promise<Said> {
    switch (command.kind) {
      case 'list_runs':
        return this.listRuns(await this.runs.list(userId, projectId, LIST_LENGTH), locale);
      case 'stop':
        return this.stop(userId, projectId, command, locale);
      case 'promote':
      case 'rollback':
        return this.modelCommands.ask(userId, projectId, command, locale);
      case 'list_datasets': {
        const names = (await this.datasets.list(userId, projectId)).map((dataset) => dataset.name);
        return { text: say(locale, names.length ? 'datasets' : 'noDatasets', { names: names.join(', ') }), parts: [] };
      }
      case 'list_models': {
        const models = await this.registry.list(userId, projectId);
        const names = models.map((model) => `${model.name} ${model.versions[0]?.version ?? ''}`.trim());
        return { text: say(locale, names.length ? 'models' : 'noModels', { names: names.join(', ') }), parts: [] };
      }
      case 'search_zoo': {
        const { query, ...limits } = ZooCommand.parse(command);
        const found = this.zoo.search(query, LIST_LENGTH, limits).map((model) => model.name);
        return { text: say(locale, found.length ? 'zoo' : 'nothingFound', { names: found.join(', ') }), parts: [] };
      }
      case 'help':
        return { text: say(locale, 'help'), parts: [] };
      default:
        return { text: say(locale, 'notFromChat'), parts: [] };
    }
  }

  /** From what is known of the project's runs and models, every figure with its source. */
  private async explain(
    userId: string,
    projectId: string,
    { command, question, locale, engine }: Asked,
    onSentence?: OnSentence,
  ): Promise<Said> {
    const answer = await this.insights.answer(userId, projectId, command, question, locale, onSentence);
    const text = answer.sentences.map((sentence) => sentence.text).join(' ');
    const parts: Said['parts'] = [{ type: 'answer', sentences: answer.sentences }];
    if (answer.runs?.length) parts.push({ type: 'runs', runs: answer.runs });
    // Two readings by a language model, of the question and for the answer, are one use to the person.
    const usage = sumOf(engine.usage, answer.usage);
    const by = answer.engine === 'llm' || engine.engine === 'llm' ? 'llm' : 'rules';
    parts.push({ type: 'engine', engine: by, note: answer.note ?? engine.note, usage });
    return { text, parts };
  }

  private listRuns(runs: RunSummary[], locale: Locale): Said {
    if (runs.length === 0) return { text: say(locale, 'noRuns'), parts: [] };
    return { text: say(locale, 'runs'), parts: [{ type: 'runs', runs }] };
  }

  private async stop(userId: string, projectId: string, command: Command, locale: Locale): Promise<Said> {
    const wanted = z.string().optional().catch(undefined).parse(command.run);
    const active = (await this.runs.list(userId, projectId, LIST_LENGTH)).filter(isActive);
    const meant = wanted ? active.filter((run) => run.name === wanted || run.id === wanted) : active;
    const [only] = meant;
    if (!only) return { text: say(locale, 'nothingToStop'), parts: [] };
    if (meant.length > 1) {
      const question = say(locale, 'stopWhich');
      const options = meant.map((run) => say(locale, 'stopOne', { name: run.name }));
      return { text: question, parts: [{ type: 'questions', questions: [{ field: 'run', question, options }] }] };
    }
    const parts: Said['parts'] = [{ type: 'confirm', command: { kind: 'stop', run: only.id } }];
    return { text: say(locale, 'stopConfirm', { name: only.name }), parts };
  }

  /**
   * Does what a message asked to confirm; `key` is the message's own, so that it is done once.
   * @throws MalloError run.not_found, model.not_found, model.nothing_to_return_to
   */
  async carryOutConfirmed(userId: string, command: Confirmable, key: string, locale: Locale): Promise<Said> {
    if (command.kind !== 'stop') return this.modelCommands.carryOut(userId, command, key, locale);
    return this.stopConfirmed(userId, command.run, locale);
  }

  private async stopConfirmed(userId: string, runId: string, locale: Locale): Promise<Said> {
    const run = await this.runs.get(userId, runId);
    try {
      await this.runs.cancel(userId, run.id);
    } catch (error) {
      if (!(error instanceof MalloError && error.code === 'run.finished')) throw error;
      return { text: say(locale, 'alreadyEnded', { name: run.name }), parts: [{ type: 'run', runId: run.id }] };
    }
    return { text: say(locale, 'stopping', { name: run.name }), parts: [{ type: 'run', runId: run.id }] };
  }
}

function isActive(run: RunSummary): boolean {
  return run.status === 'queued' || run.status === 'running';
}

function sumOf(one: LlmUsage | null, other: LlmUsage | null): LlmUsage | null {
  if (!one || !other) return one ?? other;
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: one.costUsd === null || other.costUsd === null ? null : one.costUsd + other.costUsd,
    model: one.model,
  };
}

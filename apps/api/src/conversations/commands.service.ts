import { type Command, type Locale, MalloError, type RunSummary } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { ZooService } from '../zoo/zoo.service.js';
import type { Said } from './messages.repository.js';
import { say } from './phrases.js';

const LIST_LENGTH = 20;

/** Sentences that ask for something other than a training. */
@Injectable()
export class CommandsService {
  constructor(
    private readonly runs: RunsService,
    private readonly datasets: DatasetsService,
    private readonly registry: RegistryService,
    private readonly zoo: ZooService,
  ) {}

  /** Does what was asked and says what came of it. */
  async carryOut(userId: string, projectId: string, command: Command, locale: Locale): Promise<Said> {
    switch (command.kind) {
      case 'list_runs':
        return this.listRuns(await this.runs.list(userId, projectId, LIST_LENGTH), locale);
      case 'status':
        return this.status(userId, projectId, command, locale);
      case 'stop':
        return this.stop(userId, projectId, command, locale);
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
        const query = z.string().catch('').parse(command.query);
        const found = this.zoo.search(query, LIST_LENGTH).map((model) => model.name);
        return { text: say(locale, found.length ? 'zoo' : 'nothingFound', { names: found.join(', ') }), parts: [] };
      }
      case 'help':
        return { text: say(locale, 'help'), parts: [] };
      default:
        return { text: say(locale, 'notFromChat'), parts: [] };
    }
  }

  private listRuns(runs: RunSummary[], locale: Locale): Said {
    if (runs.length === 0) return { text: say(locale, 'noRuns'), parts: [] };
    return { text: say(locale, 'runs'), parts: [{ type: 'runs', runs }] };
  }

  private async status(userId: string, projectId: string, command: Command, locale: Locale): Promise<Said> {
    const wanted = z.string().optional().catch(undefined).parse(command.run);
    const runs = await this.runs.list(userId, projectId, LIST_LENGTH);
    const meant = runs.filter((run) => (wanted ? run.name === wanted || run.id === wanted : isActive(run)));
    return this.listRuns(meant.length > 0 ? meant : runs.slice(0, 1), locale);
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

  /** Does what a message asked to confirm. @throws MalloError run.not_found */
  async carryOutConfirmed(
    userId: string,
    { run: runId }: { kind: 'stop'; run: string },
    locale: Locale,
  ): Promise<Said> {
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

import { randomBytes } from 'node:crypto';
import { type Program, pythonRepr } from '@mallo/backend';
import { MlflowError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { KeyValue } from '../tracking/experiments.repository.js';
import { LoggedModelSearch, type ModelQuery } from '../tracking/logged-model-search.js';
import { type LoggedModel, LoggedModelsRepository, type ModelStatus } from '../tracking/logged-models.repository.js';
import { ExperimentsService } from './experiments.service.js';
import { randomName } from './run-names.js';

type NewModel = {
  experimentId: string;
  name: string | undefined;
  modelType: string;
  sourceRunId: string;
  params: KeyValue[];
  tags: KeyValue[];
};
type Search = Pick<ModelQuery, 'experimentIds' | 'filter' | 'datasets' | 'orderBy'> & {
  maxResults: number;
  pageToken: string;
};

const BAD_CHARACTERS = ['/', ':', '.', '%', '"', "'"];
const PAGE = 50;
const Token = z.looseObject({ offset: z.int().min(0).max(1e9) });

/** Logged models with MLflow's rules and words. */
@Injectable()
export class LoggedModelsService {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly models: LoggedModelsRepository,
    private readonly found: LoggedModelSearch,
  ) {}

  /** @throws MlflowError */
  async create(program: Program, model: NewModel): Promise<LoggedModel> {
    checkModelName(model.name);
    const { key } = await this.experiments.getActive(program, model.experimentId);
    // Clients tell an id from a name by this form.
    const id = `m-${randomBytes(16).toString('hex')}`;
    const { modelType, sourceRunId, params, tags } = model;
    const { projectId } = program;
    const name = model.name || randomName();
    await this.models.create({ id, projectId, experimentKey: key, name, modelType, sourceRunId, params, tags });
    return this.get(program, id);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async get(program: Program, id: string, { allowDeleted = false } = {}): Promise<LoggedModel> {
    const model = await this.models.find(program.projectId, id);
    if (model && (allowDeleted || model.lifecycleStage === 'active')) return model;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${id}' not found.`);
  }

  async finalize(program: Program, id: string, status: ModelStatus): Promise<LoggedModel> {
    await this.get(program, id, { allowDeleted: true });
    await this.models.setStatus(id, status);
    return this.get(program, id, { allowDeleted: true });
  }

  async delete(program: Program, id: string): Promise<void> {
    await this.get(program, id, { allowDeleted: true });
    await this.models.delete(id);
  }

  async addParams(program: Program, id: string, params: KeyValue[]): Promise<void> {
    await this.get(program, id, { allowDeleted: true });
    await this.models.addParams(id, params);
  }

  async setTags(program: Program, id: string, tags: KeyValue[]): Promise<void> {
    await this.get(program, id, { allowDeleted: true });
    await this.models.setTags(id, tags);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST */
  async deleteTag(program: Program, id: string, key: string): Promise<void> {
    await this.get(program, id, { allowDeleted: true });
    if (await this.models.deleteTag(id, key)) return;
    const problem = `No tag with key ${pythonRepr(key)} found for model with ID ${pythonRepr(id)}.`;
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', problem);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE */
  async search(program: Program, search: Search): Promise<{ models: LoggedModel[]; nextToken: string | null }> {
    const { maxResults, pageToken, ...asked } = search;
    const limit = maxResults || PAGE;
    if (asked.datasets.some(({ name }) => name === '')) {
      throw new MlflowError('INVALID_PARAMETER_VALUE', '`dataset_name` in the `datasets` clause must be specified.');
    }
    const offset = pageToken ? offsetOf(askedOf(search), pageToken) : 0;
    const query = { ...asked, projectId: program.projectId, limit: limit + 1, offset };
    const rows = await this.found.find(query);
    const nextToken = rows.length > limit ? tokenOf(askedOf(search), offset + limit) : null;
    return { models: await this.models.withParts(rows.slice(0, limit)), nextToken };
  }
}

function checkModelName(name: string | undefined): void {
  if (name === undefined || (name !== '' && !BAD_CHARACTERS.some((character) => name.includes(character)))) return;
  const characters = BAD_CHARACTERS.map(pythonRepr).join(', ');
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid model name (${pythonRepr(name)}) provided. Model name must be a non-empty string and cannot contain the ` +
      `following characters: (${characters})`,
  );
}

/** What a page token is of, as MLflow says it where that is not what is asked for. */
const MUST_MATCH = [
  ['experiment_ids', 'Experiment IDs in the page token do not match the requested experiment IDs.'],
  ['filter_string', 'Filter string in the page token does not match the requested filter string.'],
  ['order_by', 'Order by in the page token does not match the requested order by.'],
] as const;
type Asked = Record<(typeof MUST_MATCH)[number][0], unknown>;

function askedOf({ experimentIds, filter, orderBy }: Search): Asked {
  const order = orderBy.map(({ field, ascending, dataset: { name, digest } }) => ({
    field_name: field,
    ascending,
    dataset_name: name || null,
    dataset_digest: digest || null,
  }));
  return { experiment_ids: experimentIds, filter_string: filter || null, order_by: order.length > 0 ? order : null };
}

/** A page token names the search it belongs to. */
function tokenOf(asked: Asked, offset: number): string {
  return Buffer.from(JSON.stringify({ ...asked, offset })).toString('base64');
}

/** @throws MlflowError INVALID_PARAMETER_VALUE of a token of another search, or of none */
function offsetOf(asked: Asked, token: string): number {
  const read = Token.safeParse(readJson(Buffer.from(token, 'base64').toString())).data;
  if (!read) throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid page token: ${token}.`);
  const told = (value: unknown) => (typeof value === 'string' ? value : pythonRepr(value));
  for (const [name, problem] of MUST_MATCH) {
    const [expected, found] = [asked[name], read[name]];
    if (JSON.stringify(expected) === JSON.stringify(found)) continue;
    const message = `${problem} Expected: ${told(expected)}. Found: ${told(found)}`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', message);
  }
  return read.offset;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import {
  MalloError,
  type ModelToAdd,
  type RouteInput,
  type TrainingConfig,
  type ZooDetails,
  type ZooFacets,
  type ZooFilters,
  type ZooListing,
  type ZooModel,
  type ZooPage,
  type ZooReading,
  type zooRoutes,
} from '@mallo/contracts';
import {
  LIKE,
  libraryOf,
  lookup,
  nameKey,
  nearest,
  rankByName,
  type SearchFilters,
  search,
  type ZooEntry,
} from '@mallo/zoo';
import { Injectable } from '@nestjs/common';
import { IntentParserClient } from '../conversations/intent-parser.client.js';
import type { Output, Preparation } from './adapters/adapter.js';
import { adapters } from './adapters/adapters.js';
import { trainableInstead } from './adapters/not-trainable-yet.js';
import { OwnAdapter } from './adapters/own.js';
import { type AddedModel, codeOf } from './added/added-model.js';
import { AddedModelsService } from './added/added-models.service.js';
import { facetsOf, passing, type Wanted, withReading } from './filters.js';
import { type Row, rowOfEntry, rows, rowsByKey, rowsOf } from './listings.js';
import { byWishes, sorted } from './order.js';
import { TrainerPackages } from './trainer-packages.js';

/** A model that can be trained; `code`: of a person's own. */
export type Trainable = ZooEntry & { code?: TrainingConfig['model']['code'] };
type Search = RouteInput<typeof zooRoutes.search>['query'];
type Found = {
  /** In the order of their relevance, before any filter. */
  found: readonly Row[];
  /** The filters, and what was said in words. */
  wanted: Wanted;
  reading: ZooReading | null;
};

/** The models that can be named. */
@Injectable()
export class ZooService {
  constructor(
    private readonly parser: IntentParserClient,
    private readonly packages: TrainerPackages,
    private readonly added: AddedModelsService,
  ) {}

  /** Models whose name holds the query or is like it, the nearest first. */
  search(query: string, limit: number, filters: SearchFilters = {}): ZooModel[] {
    return search(query, limit, filters);
  }

  /** The model of that name, however it is written; undefined when there is none. */
  find(name: string): ZooEntry | undefined {
    return lookup(name);
  }

  /** The names nearest to one that does not exist. */
  nearest(name: string, count = 3): string[] {
    return nearest(name, count).map((model) => model.name);
  }

  /**
   * The model of that name, and of which bytes it is where it is the person's own.
   * @throws MalloError model.unknown, and what says why no training of it can be started
   */
  async trainable(userId: string, name: string): Promise<Trainable> {
    const entry = lookup(name);
    const own = entry ? undefined : named(await this.added.list(userId), name);
    if (own) {
      const { missing } = new OwnAdapter([own]).describe(own.name);
      if (missing) throw missing;
      return { ...own, code: codeOf(own) };
    }
    if (!entry) throw new MalloError('model.unknown', { name, nearest: this.nearest(name).join(', ') });
    const { missing } = adapters[entry.source].describe(entry.name);
    if (missing) throw missing;
    return entry;
  }

  /** What a trainer of this config is started with. @throws MalloError where nothing can train it */
  prepare(config: TrainingConfig, dataFolder: string): Preparation {
    return adapters[config.model.source].prepare(config, dataFolder);
  }

  /** The result of a training from the `metrics.json` of its recipe. @throws Error when it is not of the recipe's form */
  normalizeOutput({ model }: TrainingConfig, metricsJson: string): Output {
    return adapters[model.source].normalizeOutput(metricsJson);
  }

  /** The text of the Python file that a training is of. */
  codeOf(sha256: string): Promise<string> {
    return this.added.codeOf(sha256);
  }

  /** Models that the person added, the newest first. */
  addedBy(userId: string): Promise<AddedModel[]> {
    return this.added.list(userId);
  }

  /** @throws MalloError zoo.name_taken, and what says why the file makes no model */
  async add(userId: string, wish: ModelToAdd): Promise<ZooDetails> {
    const [row] = rowsOf([await this.added.add(userId, wish)]);
    if (!row) throw new Error('no row');
    return detailed(row, this.packages.installed());
  }

  /** @throws MalloError model.unknown */
  remove(userId: string, name: string): Promise<void> {
    return this.added.remove(userId, name);
  }

  /** Models by name or in words. */
  async page(userId: string, { query, sort, descending, offset, limit, ...filters }: Search): Promise<ZooPage> {
    const isInstalled = this.packages.installed();
    const { found, wanted, reading } = await this.read(userId, query, filters);
    const all = sorted(found.filter(passing(wanted)), sort, descending);
    return {
      models: all.slice(offset, offset + limit).map((row) => listed(row, isInstalled)),
      total: all.length,
      reading,
    };
  }

  /** What the models that pass can be filtered by. */
  async facets(userId: string, { query, ...filters }: ZooFilters): Promise<ZooFacets> {
    const { found, wanted } = await this.read(userId, query, filters);
    return facetsOf(found, wanted);
  }

  /** All that is known of models, by `source/name`. @throws MalloError model.unknown */
  async details(userId: string, keys: readonly string[]): Promise<ZooDetails[]> {
    const own = keys.some((key) => key.startsWith('own/')) ? rowsOf(await this.added.list(userId)) : [];
    const isInstalled = this.packages.installed();
    return keys.map((key) => {
      const row = rowsByKey.get(key) ?? own.find(({ listing }) => listing.key === key);
      const name = key.slice(key.indexOf('/') + 1);
      if (!row) throw new MalloError('model.unknown', { name, nearest: this.nearest(name).join(', ') });
      return detailed(row, isInstalled);
    });
  }

  /**
   * A query that some name holds is a name. Anything else is asked of the intent parser, which knows aliases, typing
   * errors and prose; where it finds nothing in it, or is away, names that are like the query are found.
   */
  private async read(userId: string, query: string, filters: Wanted): Promise<Found> {
    const own = rowsOf(await this.added.list(userId));
    const every = own.length > 0 ? [...own, ...rows] : rows;
    if (!query.trim()) return { found: every, wanted: filters, reading: null };
    const entries = every.map(({ entry }) => entry);
    const near = (text: string, limit: number) =>
      rankByName(text, entries)
        .filter((hit) => hit.farness < limit)
        .flatMap(({ entry }) => rowOfEntry.get(entry) ?? own.find((row) => row.entry === entry) ?? []);
    const called = near(query, 1);
    if (called.length > 0) return { found: called, wanted: filters, reading: null };
    const reading = await this.parser.zooQuery(query).catch(() => null);
    if (!reading || !saysAnything(reading)) return { found: near(query, LIKE), wanted: filters, reading: null };
    const { name, wishes } = reading;
    const wished = name ? near(name, 1) : every;
    const found = wishes.length > 0 ? byWishes(wished, wishes) : wished;
    return { found, wanted: withReading(filters, reading), reading };
  }
}

function saysAnything({ wishes, ...rest }: ZooReading): boolean {
  return wishes.length > 0 || Object.keys(rest).length > 0;
}

function detailed(row: Row, isInstalled: (extra: string) => boolean): ZooDetails {
  const { entry } = row;
  const { fixedInputSize, pretrained, published, publishedTrainingMemoryGb, mean = null, std = null, source } = entry;
  return {
    ...listed(row, isInstalled),
    ...{ fixedInputSize, pretrained, published, publishedTrainingMemoryGb, mean, std },
    catalogue: source === 'own' ? null : libraryOf(source),
    missing: row.missing?.toProblem() ?? null,
    alternatives: row.missing && source !== 'own' ? alternativesTo(entry, isInstalled) : [],
    added: isAdded(entry) ? entry.added : null,
  };
}

function alternativesTo(entry: ZooEntry, isInstalled: (extra: string) => boolean): ZooListing[] {
  return trainableInstead(entry).flatMap((other) => {
    const row = rowOfEntry.get(other);
    return row ? listed(row, isInstalled) : [];
  });
}

function isAdded(entry: ZooEntry): entry is AddedModel {
  return entry.source === 'own';
}

function named(models: AddedModel[], name: string): AddedModel | undefined {
  return models.find((model) => nameKey(model.name) === nameKey(name));
}

function listed({ listing, extra }: Row, isInstalled: (extra: string) => boolean): ZooListing {
  return { ...listing, extra: { name: extra, installed: isInstalled(extra) } };
}

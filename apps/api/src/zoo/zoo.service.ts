import {
  MalloError,
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
  nearest,
  type RankedEntry,
  rankByName,
  type SearchFilters,
  search,
  type ZooEntry,
} from '@mallo/zoo';
import { Injectable } from '@nestjs/common';
import { IntentParserClient } from '../conversations/intent-parser.client.js';
import type { Output, Preparation } from './adapters/adapter.js';
import { adapters } from './adapters/adapters.js';
import { facetsOf, passing, type Wanted, withReading } from './filters.js';
import { type Row, rowOfEntry, rows, rowsByKey } from './listings.js';
import { byWishes, sorted } from './order.js';
import { TrainerPackages } from './trainer-packages.js';

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

  /** The model of that name. @throws MalloError model.unknown, and what says why no training of it can be started */
  trainable(name: string): ZooEntry {
    const entry = lookup(name);
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

  /** Models by name or in words. */
  async page({ query, sort, descending, offset, limit, ...filters }: Search): Promise<ZooPage> {
    const isInstalled = this.packages.installed();
    const { found, wanted, reading } = await this.read(query, filters);
    const all = sorted(found.filter(passing(wanted, isInstalled)), sort, descending);
    return {
      models: all.slice(offset, offset + limit).map((row) => listed(row, isInstalled)),
      total: all.length,
      reading,
    };
  }

  /** What the models that pass can be filtered by. */
  async facets({ query, ...filters }: ZooFilters): Promise<ZooFacets> {
    const { found, wanted } = await this.read(query, filters);
    return facetsOf(found, wanted, this.packages.installed());
  }

  /** All that is known of models, by `source/name`. @throws MalloError model.unknown */
  details(keys: readonly string[]): ZooDetails[] {
    const isInstalled = this.packages.installed();
    return keys.map((key) => {
      const row = rowsByKey.get(key);
      const name = key.slice(key.indexOf('/') + 1);
      if (!row) throw new MalloError('model.unknown', { name, nearest: this.nearest(name).join(', ') });
      const { entry } = row;
      const { fixedInputSize, pretrained, published, publishedTrainingMemoryGb, mean = null, std = null } = entry;
      return {
        ...listed(row, isInstalled),
        ...{ fixedInputSize, pretrained, published, publishedTrainingMemoryGb, mean, std },
        catalogue: libraryOf(entry.source),
        missing: adapters[entry.source].describe(entry.name).missing?.toProblem() ?? null,
      };
    });
  }

  /**
   * A query that some name holds is a name. Anything else is asked of the intent parser, which knows aliases, typing
   * errors and prose; where it finds nothing in it, or is away, names that are like the query are found.
   */
  private async read(query: string, filters: Wanted): Promise<Found> {
    if (!query.trim()) return { found: rows, wanted: filters, reading: null };
    const ranked = rankByName(query);
    if ((ranked[0]?.farness ?? 1) < 1) return { found: near(ranked, 1), wanted: filters, reading: null };
    const reading = await this.parser.zooQuery(query).catch(() => null);
    if (!reading || !saysAnything(reading)) return { found: near(ranked, LIKE), wanted: filters, reading: null };
    const { name, wishes } = reading;
    const named = name ? near(rankByName(name), 1) : rows;
    const found = wishes.length > 0 ? byWishes(named, wishes) : named;
    return { found, wanted: withReading(filters, reading), reading };
  }
}

function saysAnything({ wishes, ...rest }: ZooReading): boolean {
  return wishes.length > 0 || Object.keys(rest).length > 0;
}

function near(ranked: RankedEntry[], limit: number): Row[] {
  return ranked.filter((hit) => hit.farness < limit).flatMap((hit) => rowOfEntry.get(hit.entry) ?? []);
}

function listed({ listing, extra }: Row, isInstalled: (extra: string) => boolean): ZooListing {
  return { ...listing, extra: { name: extra, installed: isInstalled(extra) } };
}

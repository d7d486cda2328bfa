import type { ModelSource, TaskType, ZooModel } from '@mallo/contracts';
import { distance } from 'fastest-levenshtein';
import { catalogue, nameKey, type ZooEntry } from './catalogue.js';

export type SearchFilters = {
  source?: ModelSource;
  taskType?: TaskType;
  /** Millions of parameters at most; models of unknown size are left out. */
  maxParamsM?: number;
};

export type RankedEntry = {
  entry: ZooEntry;
  /** 0: the name itself; below 1: the name holds all of the query; above, the share of letters that differ, and 1. */
  farness: number;
};

const KEYS = new Map(catalogue.map((entry) => [entry, nameKey(entry.name)]));
// Beyond this nobody types a model's name; it also bounds the work of the distance.
const LONGEST_QUERY = 100;
/** A name of which more than half of the letters differ is not like the query any more. */
export const LIKE = 1.5;

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** How far a name is from the query: below 1 it contains all of it, from 1 on by the share of letters to change. */
function farness(query: string, words: string[], entry: ZooEntry): number {
  const key = KEYS.get(entry) ?? nameKey(entry.name);
  if (key === query) return 0;
  const length = Math.max(key.length, query.length);
  // Of names that hold the whole query the shortest come first: the plain model before its variants.
  if (key.startsWith(query)) return 0.1 + (key.length - query.length) / 1000;
  if (words.every((word) => key.includes(word))) return 0.4 + (key.length - query.length) / 1000;
  return 1 + distance(query, key) / length - commonPrefix(query, key) / (100 * length);
}

/** The models, the one whose name is nearest to the query first. */
export function rankByName(query: string, entries: readonly ZooEntry[] = catalogue): RankedEntry[] {
  const short = query.slice(0, LONGEST_QUERY);
  const key = nameKey(short);
  const words = short.split(/\s+/).map(nameKey).filter(Boolean);
  return entries.map((entry) => ({ entry, farness: farness(key, words, entry) })).sort((a, b) => a.farness - b.farness);
}

function passing(filters: SearchFilters): (entry: ZooEntry) => boolean {
  return (entry) =>
    (!filters.source || entry.source === filters.source) &&
    (!filters.taskType || entry.taskType === filters.taskType) &&
    (filters.maxParamsM === undefined || (entry.paramsM !== null && entry.paramsM <= filters.maxParamsM));
}

function toModel({ name, source, family, paramsM, gflops, inputSize }: ZooEntry): ZooModel {
  return { name, source, family, paramsM, gflops, inputSize };
}

/**
 * Models whose name holds the query or is like it, the nearest first; an empty query lists all that pass the
 * filters. A name too unlike the query (more than half of its letters differ) is left out.
 */
export function search(query: string, limit = 20, filters: SearchFilters = {}): ZooModel[] {
  return rankByName(query, catalogue.filter(passing(filters)))
    .filter((hit) => hit.farness < LIKE)
    .slice(0, limit)
    .map((hit) => toModel(hit.entry));
}

/** The `count` models whose names are nearest to one that does not exist, for "did you mean". */
export function nearest(name: string, count = 3, filters: SearchFilters = {}): ZooModel[] {
  return rankByName(name, catalogue.filter(passing(filters)))
    .slice(0, count)
    .map((hit) => toModel(hit.entry));
}

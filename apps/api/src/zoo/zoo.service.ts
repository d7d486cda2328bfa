import type { ZooModel } from '@mallo/contracts';
import { lookup, nearest, search, type ZooEntry } from '@mallo/zoo';
import { Injectable } from '@nestjs/common';

/** The models that can be named. */
@Injectable()
export class ZooService {
  /** Models whose name holds the query or is like it, the nearest first. */
  search(query: string, limit: number): ZooModel[] {
    return search(query, limit);
  }

  /** The model of that name, however it is written; undefined when there is none. */
  find(name: string): ZooEntry | undefined {
    return lookup(name);
  }

  /** The names nearest to one that does not exist. */
  nearest(name: string, count = 3): string[] {
    return nearest(name, count).map((model) => model.name);
  }
}

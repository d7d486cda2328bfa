import { MalloError } from '@mallo/contracts';
import { type Library, libraryOf, lookup, nearest } from '@mallo/zoo';
import type { Description } from './adapter.js';

/** The catalogue's entry of a model of this source. @throws MalloError model.unknown */
export function described(source: Library, name: string): Omit<Description, 'missing'> {
  const entry = lookup(name, source);
  if (!entry) {
    const names = nearest(name, 3, { source }).map((model) => model.name);
    throw new MalloError('model.unknown', { name, nearest: names.join(', ') });
  }
  return { entry, extra: libraryOf(source).library };
}

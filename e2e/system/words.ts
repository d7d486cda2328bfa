import { filled } from '@mallo/contracts';
import ko from '../../apps/web/messages/ko.json' with { type: 'json' };

type Tree = { [key: string]: string | Tree };

/** A text of the Korean catalogue by its dotted key, its `{name}`s filled in. */
export function word(key: string, values: Record<string, string> = {}): string {
  let found: string | Tree | undefined = ko as Tree;
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
  if (typeof found !== 'string') throw new Error(`the catalogue has no ${key}`);
  return filled(found, values);
}

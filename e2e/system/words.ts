import { filled, type Locale } from '@mallo/contracts';
import en from '../../apps/web/messages/en.json' with { type: 'json' };
import ko from '../../apps/web/messages/ko.json' with { type: 'json' };

type Tree = { [key: string]: string | Tree };
type Words = (key: string, values?: Record<string, string>) => string;

/** The texts of a catalogue by their dotted keys, their `{name}`s filled in. */
export function wordsOf(locale: Locale): Words {
  const catalogue: Tree = locale === 'ko' ? ko : en;
  return (key, values = {}) => {
    let found: string | Tree | undefined = catalogue;
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
    if (typeof found !== 'string') throw new Error(`the catalogue has no ${key}`);
    return filled(found, values);
  };
}

/** A text of the Korean catalogue. */
export const word: Words = wordsOf('ko');

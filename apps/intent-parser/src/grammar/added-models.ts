import type { ModelSource, ParseContext } from '@mallo/contracts';
import { lookup, type ZooEntry } from '@mallo/zoo';
import type { ModelMention } from './model-mention.js';
import type { Token } from './tokens.js';

/** The catalogue, and the models that the person added to it. */
export class KnownModels {
  private readonly added: ReadonlyMap<string, ZooEntry>;

  constructor(added: ParseContext['addedModels'] = []) {
    this.added = new Map(added.map((model) => [model.name.toLowerCase(), entryOf(model)]));
  }

  lookup(name: string, source?: ModelSource): ZooEntry | undefined {
    const own = this.added.get(name.toLowerCase());
    return own && (source === undefined || source === own.source) ? own : lookup(name, source);
  }

  /** The added models that a text names as they are written, by the token that each begins with. */
  mentions(tokens: Token[], chars: string): Map<number, ModelMention> {
    const found = new Map<number, ModelMention>();
    // A longer name first: my_net-2 is not my_net.
    for (const [text, { name }] of [...this.added].sort(([a], [b]) => b.length - a.length)) {
      for (let at = chars.indexOf(text); at >= 0; at = chars.indexOf(text, at + 1)) {
        const end = at + text.length;
        // What is written on goes by another name; Korean particles follow without a space.
        if (/[a-z\d_]/.test(chars[at - 1] ?? '') || /^(?:[a-z\d_]|-[a-z\d])/.test(chars.slice(end, end + 2))) continue;
        const from = tokens.findIndex((token) => token.from === at);
        const to = tokens.findIndex((token) => token.to === end) + 1;
        if (from >= 0 && to > from && !found.has(from)) found.set(from, { from, to, name, familyOnly: false, text });
      }
    }
    return found;
  }
}

type Added = NonNullable<ParseContext['addedModels']>[number];

function entryOf({ name, taskType, inputSize }: Added): ZooEntry {
  return {
    ...{ name, source: 'own', family: 'own', taskType, inputSize, fixedInputSize: false },
    ...{ paramsM: null, gflops: null, activationsM: null, license: null },
    ...{ pretrained: [], published: [], publishedTrainingMemoryGb: null },
  };
}

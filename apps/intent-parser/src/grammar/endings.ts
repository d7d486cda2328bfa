import { readFileSync } from 'node:fs';
import { conjugate } from './conjugation.js';

type Shape = 'stem' | 'closed' | 'infinitive' | 'past' | 'adnominal' | 'future' | 'formal';
type Data = {
  /** Endings by the form of the verb that they follow, separated by spaces; a leading space is the bare form. */
  after: Record<Shape, string>;
  /** Verbs that follow a noun or another verb and say how it is meant: 학습시키, 멈춰주, 해보. */
  auxiliaries: string[];
  chains: { infinitive: string[]; connective: string[] };
  chained: string[];
  extra: string;
};

const data = JSON.parse(readFileSync(new URL('../../src/lexicon/endings.json', import.meta.url), 'utf8')) as Data;

const listed = (text: string) => text.split(' ');
const finalOf = (form: string) => (form.charCodeAt(form.length - 1) - 0xac00) % 28;
const SHAPE_BY_FINAL: Record<number, Shape> = { 20: 'past', 4: 'adnominal', 8: 'future', 17: 'formal' };

/** Every way in which a verb can go on to its end: 하다 → 하고, 해서, 했는데, 할까요, 합니다 … */
function endedForms(verb: string): string[] {
  const [stem = '', ...others] = conjugate(verb);
  const forms: string[] = [];
  const add = (form: string, shape: Shape) => {
    for (const ending of listed(data.after[shape])) if (form + ending) forms.push(form + ending);
  };
  add(stem, 'stem');
  if (finalOf(stem) !== 0) add(stem, 'closed');
  for (const form of others) {
    forms.push(form);
    const shape = SHAPE_BY_FINAL[finalOf(form)];
    if (shape) add(form, shape);
    else if (finalOf(form) === 0) add(form, form.length > stem.length || form !== stem ? 'infinitive' : 'stem');
  }
  // 가다, 내다: the form before 서 is the stem itself.
  if (finalOf(stem) === 0) add(stem, 'infinitive');
  return forms;
}

/** What may hang on a Korean verb or on a noun that is used as one. */
export const endings: ReadonlySet<string> = new Set(
  [
    ...Object.values(data.after).flatMap(listed),
    ...listed(data.extra),
    ...data.auxiliaries.flatMap(endedForms),
    // 해줄래, 시켜보고, 돼버렸; 하고싶은데
    ...data.chained.flatMap((verb) => {
      const [stem = '', infinitive = stem] = conjugate(verb);
      return [
        ...data.chains.infinitive.flatMap(endedForms).map((form) => infinitive + form),
        ...data.chains.connective.flatMap(endedForms).map((form) => `${stem}고${form}`),
      ];
    }),
  ].filter((form) => form.length > 0 && form.length <= 12),
);

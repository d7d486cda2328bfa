import type { Hyperparameters } from '@mallo/contracts';

/** A word of the field. */
export type GlossaryEntry = {
  /** In the field's English, which is how it is asked for. */
  term: string;
  ko: string;
  /** Other ways to write it, in either language, lower case. */
  aliases: readonly string[];
  /** What it is and what follows from it, in two sentences at most. */
  meaning: { ko: string; en: string };
  page: { url: string; title: string };
  /** The setting of a training that it names, whose value in the latest run is told as well. */
  setting?: keyof Hyperparameters;
};

/** The entry of Google's glossary of machine learning at this anchor. */
export function googlePage(anchor: string, title: string): { url: string; title: string } {
  return {
    url: `https://developers.google.com/machine-learning/glossary#${anchor}`,
    title: `Google Machine Learning Glossary: ${title}`,
  };
}

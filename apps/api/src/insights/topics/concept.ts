import type { Run } from '@mallo/contracts';
import { findWord, GLOSSARY } from '../glossary/glossary.js';
import { runSource } from '../wording/figures.js';
import { type Both, cited, linked, listed, plain, said } from '../wording/sentence.js';
import { SETTING_NAMES, settingValue } from '../wording/setting-words.js';
import { nameOf } from './run-words.js';

/** Words offered where the one asked for is not known. */
const OFFERED = ['epoch', 'learning rate', 'overfitting', 'recall', 'data augmentation'];

/** What a word means, where it is explained, and its value in the latest run; null for a word that is not known. */
export function explainWord(text: string, latest: Run | null): Both[] | null {
  const entry = findWord(text);
  if (!entry) return null;
  const page = { kind: 'page', ...entry.page } as const;
  const sentences: Both[] = [
    { ko: cited(entry.meaning.ko, page), en: cited(entry.meaning.en, page) },
    {
      ko: said`자세한 설명: ${linked(entry.page.title, page)}.`,
      en: said`More on it: ${linked(entry.page.title, page)}.`,
    },
  ];
  if (!entry.setting || !latest) return sentences;
  const value = settingValue(latest.config.hyperparameters, entry.setting, runSource(latest));
  const name = SETTING_NAMES[entry.setting];
  sentences.push({
    ko: said`최근 실행 ${nameOf(latest)}의 설정: ${plain(name.ko)} ${value.ko}.`,
    en: said`In your latest run, ${nameOf(latest)}: ${plain(name.en)} ${value.en}.`,
  });
  return sentences;
}

/** For a word that is not in the glossary. */
export function unknownWord(): Both[] {
  const offered = GLOSSARY.filter(({ term }) => OFFERED.includes(term));
  const [ko, en] = [offered.map((entry) => entry.ko), offered.map((entry) => entry.term)];
  const page = (index: number) => ({ kind: 'page', ...(offered[index]?.page ?? { url: '', title: '' }) }) as const;
  return [
    {
      ko: said`그 말은 제 용어집에 없어서 근거를 대고 설명할 수 없어요. 이런 말은 설명할 수 있어요: ${listed(ko.map((word, index) => linked(word, page(index))))}.`,
      en: said`That word is not in my glossary, so I cannot explain it with a source. These I can: ${listed(en.map((word, index) => linked(word, page(index))))}.`,
    },
  ];
}

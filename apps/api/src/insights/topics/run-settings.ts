import type { Run, TrainingConfig } from '@mallo/contracts';
import { findWord } from '../glossary/glossary.js';
import { runSource, whole } from '../wording/figures.js';
import { type Both, linked, listed, plain, said } from '../wording/sentence.js';
import { SETTING_NAMES, settingValue } from '../wording/setting-words.js';
import { nameOf } from './run-words.js';

type Key = keyof TrainingConfig['hyperparameters'];

/** Momentum belongs to these alone. */
const WITH_MOMENTUM = ['sgd', 'rmsprop'];
const MAIN: Key[] = ['epochs', 'batchSize', 'learningRate', 'optimizer', 'scheduler', 'imageSize'];

/** One setting of a run, of which a word of the field is the name; null for a word that names none. */
export function runSetting(run: Run, word: string): Both | null {
  const key = findWord(word)?.setting;
  if (!key) return null;
  const name = SETTING_NAMES[key];
  const value = settingValue(run.config.hyperparameters, key, runSource(run));
  return {
    ko: said`${nameOf(run)}의 설정: ${plain(name.ko)} ${value.ko}.`,
    en: said`The settings of ${nameOf(run)}: ${plain(name.en)} ${value.en}.`,
  };
}

/** With what a run was trained. */
export function runSettings(run: Run): Both[] {
  const source = runSource(run);
  const values = run.config.hyperparameters;
  const rest: Key[] = [
    'pretrained',
    'freezeBackbone',
    'augmentation',
    ...(WITH_MOMENTUM.includes(values.optimizer) ? (['momentum'] as const) : []),
    'weightDecay',
    ...(values.dropout > 0 ? (['dropout'] as const) : []),
    ...(values.labelSmoothing > 0 ? (['labelSmoothing'] as const) : []),
    ...(values.warmupEpochs > 0 ? (['warmupEpochs'] as const) : []),
    'earlyStoppingPatience',
    'validationSplit',
    'precision',
    'seed',
  ];
  const list = (keys: Key[], locale: 'ko' | 'en') =>
    listed(keys.map((key) => said`${plain(SETTING_NAMES[key][locale])} ${settingValue(values, key, source)[locale]}`));
  const [model, dataset] = [linked(run.modelName, source), linked(run.datasetName, source)];
  const classes = whole(run.config.classNames.length, source);
  return [
    {
      ko: said`${nameOf(run)}은(는) ${dataset} 데이터셋의 클래스 ${classes}개를 ${model}(으)로 학습하는 실행이에요.`,
      en: said`${nameOf(run)} trains ${model} on the ${classes} classes of the dataset ${dataset}.`,
    },
    { ko: said`주요 설정: ${list(MAIN, 'ko')}.`, en: said`Main settings: ${list(MAIN, 'en')}.` },
    { ko: said`그 밖의 설정: ${list(rest, 'ko')}.`, en: said`Other settings: ${list(rest, 'en')}.` },
  ];
}

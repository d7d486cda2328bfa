import type { AnswerSentence, AnswerSource, ModelVersion, Run, RunResult, TrainingConfig } from '@mallo/contracts';
import { noise } from '../diagnosis/case.js';
import { bytes, duration, measure, modelSource, percent, points, runSource } from '../wording/figures.js';
import { type Both, linked, listed, plain, said } from '../wording/sentence.js';
import { SETTING_KEYS, SETTING_NAMES, settingValue } from '../wording/setting-words.js';
import { onnxBytesOf } from './best-model.js';

/** What is compared: a run, or a model version. */
export type Contender = {
  name: AnswerSentence;
  source: AnswerSource;
  accuracySource: AnswerSource;
  /** Null for a model that was not trained here. */
  config: TrainingConfig | null;
  accuracy: number | null;
  result: RunResult | null;
  onnxBytes: number | null;
};

export function contenderOfRun(run: Run): Contender {
  const source = runSource(run);
  return {
    name: linked(run.name, source),
    source,
    accuracySource: runSource(run, 'val_accuracy', run.result?.bestEpoch ?? null),
    config: run.config,
    accuracy: run.valAccuracy,
    result: run.result,
    onnxBytes: null,
  };
}

export function contenderOfVersion(version: ModelVersion): Contender {
  const source = modelSource(version.modelId, version.modelName, version.version);
  return {
    name: linked(`${version.modelName} ${version.version}`, source),
    source,
    accuracySource: source,
    config: version.config,
    accuracy: version.valAccuracy,
    result: version.result,
    onnxBytes: onnxBytesOf(version),
  };
}

/** Its figures in one sentence. */
function figuresOf({ name, source, accuracySource, accuracy, result, onnxBytes }: Contender): Both {
  const loss = result?.metrics.val_loss;
  const ko: AnswerSentence[] = [];
  const en: AnswerSentence[] = [];
  if (accuracy !== null) {
    ko.push(said`검증 정확도 ${percent(accuracy, accuracySource)}`);
    en.push(said`validation accuracy ${percent(accuracy, accuracySource)}`);
  }
  if (loss !== undefined) {
    ko.push(said`검증 손실 ${measure(loss, source)}`);
    en.push(said`validation loss ${measure(loss, source)}`);
  }
  if (result) {
    ko.push(said`학습 시간 ${duration(result.durationSeconds, source, 'ko')}`);
    en.push(said`training time ${duration(result.durationSeconds, source, 'en')}`);
  }
  if (onnxBytes !== null) {
    ko.push(said`ONNX 파일 ${bytes(onnxBytes, source)}`);
    en.push(said`ONNX file ${bytes(onnxBytes, source)}`);
  }
  if (ko.length === 0) return { ko: said`${name}: 아직 결과가 없어요.`, en: said`${name}: no result yet.` };
  return { ko: said`${name}: ${listed(ko)}.`, en: said`${name}: ${listed(en)}.` };
}

type Verdict = { says: Both[]; isReal: boolean };

/** Who is ahead, and whether that may be luck. */
function verdictOf(contenders: readonly Contender[]): Verdict {
  const scored = contenders
    .flatMap((one) => (one.accuracy === null ? [] : [{ ...one, accuracy: one.accuracy }]))
    .toSorted((a, b) => b.accuracy - a.accuracy);
  const [best, second] = scored;
  if (!best || !second) return { says: [], isReal: false };
  if (new Set(scored.map(({ config }) => config?.dataset.id)).size > 1) {
    const incomparable: Both = {
      ko: said`서로 다른 데이터셋으로 쟀기 때문에 정확도만으로 어느 쪽이 낫다고 할 수 없어요.`,
      en: said`They were measured on different datasets, so their accuracies alone do not say which is better.`,
    };
    return { says: [incomparable], isReal: false };
  }
  const ahead = best.accuracy - second.accuracy;
  if (ahead === 0) {
    const equal: Both = { ko: said`검증 정확도는 서로 같아요.`, en: said`Their validation accuracy is the same.` };
    return { says: [equal], isReal: false };
  }
  const difference = points(ahead, best.accuracySource);
  const images = best.result?.perClass.reduce((sum, { support }) => sum + support, 0) || null;
  const isReal = ahead >= noise(best.accuracy, images);
  const says: Both = isReal
    ? {
        ko: said`${best.name}이(가) ${second.name}보다 ${difference}%p 높아요.`,
        en: said`${best.name} is ${difference} points ahead of ${second.name}.`,
      }
    : {
        ko: said`${best.name}이(가) ${second.name}보다 ${difference}%p 높지만, 이 정도 차이는 우연일 수 있어요.`,
        en: said`${best.name} is ${difference} points ahead of ${second.name}, but so small a difference may be luck.`,
      };
  return { says: [says], isReal };
}

/** A setting that is not the same everywhere, with each one's value. */
function difference(label: { ko: string; en: string }, contenders: readonly Contender[], values: Both[]): Both {
  const value = (index: number, locale: 'ko' | 'en') => values[index]?.[locale] ?? plain('');
  return {
    ko: said`${plain(label.ko)}: ${listed(contenders.map(({ name }, index) => said`${name}은(는) ${value(index, 'ko')}`))}.`,
    en: said`${plain(capitalized(label.en))}: ${listed(contenders.map(({ name }, index) => said`${name} ${value(index, 'en')}`))}.`,
  };
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

type Trained = Contender & { config: TrainingConfig };

function isTrained(contender: Contender): contender is Trained {
  return contender.config !== null;
}

function differencesOf(contenders: readonly Trained[]): Both[] {
  const differs = (value: (config: TrainingConfig) => unknown) =>
    new Set(contenders.map(({ config }) => JSON.stringify(value(config)))).size > 1;
  const told = (value: (config: TrainingConfig) => string) =>
    contenders.map(({ config, source }): Both => {
      const piece = linked(value(config), source);
      return { ko: piece, en: piece };
    });
  const found: Both[] = [];
  if (differs(({ model }) => model.name)) {
    const names = told(({ model }) => model.name);
    found.push(difference({ ko: '모델', en: 'model' }, contenders, names));
  }
  if (differs(({ dataset }) => dataset.id)) {
    const names = told(({ dataset }) => dataset.name);
    found.push(difference({ ko: '데이터셋', en: 'dataset' }, contenders, names));
  }
  for (const key of SETTING_KEYS.filter((name) => differs(({ hyperparameters }) => hyperparameters[name]))) {
    const values = contenders.map(({ config, source }) => settingValue(config.hyperparameters, key, source));
    found.push(difference(SETTING_NAMES[key], contenders, values));
  }
  return found;
}

/** Two or more runs or models: their figures, who is ahead, and which settings differ. */
export function compare(contenders: readonly Contender[]): Both[] {
  const verdict = verdictOf(contenders);
  const trained = contenders.filter(isTrained);
  if (trained.length < contenders.length) {
    const unknown: Both = {
      ko: said`여기서 학습하지 않은 모델은 설정을 알 수 없어서, 설정은 비교하지 않았어요.`,
      en: said`The settings of a model that was not trained here are not known, so they are not compared.`,
    };
    return [...contenders.map(figuresOf), ...verdict.says, unknown];
  }
  const differences = differencesOf(trained);
  return [
    ...contenders.map(figuresOf),
    ...verdict.says,
    introduction(differences.length, verdict.isReal),
    ...differences,
  ];
}

function introduction(differences: number, isReal: boolean): Both {
  if (differences === 0) return { ko: said`설정은 모두 같아요.`, en: said`All their settings are the same.` };
  if (differences > 1) return { ko: said`설정은 이런 점이 달라요.`, en: said`These settings differ.` };
  return isReal
    ? {
        ko: said`설정은 이것 하나만 달라서, 결과의 차이도 여기서 왔을 거예요.`,
        en: said`Only this one setting differs, so the difference in the results will come from it.`,
      }
    : { ko: said`설정은 이것 하나만 달라요.`, en: said`Only this one setting differs.` };
}

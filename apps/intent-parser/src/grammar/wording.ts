import { filled, type Question, type TaskType } from '@mallo/contracts';

export type Language = 'ko' | 'en';
type Both = Record<Language, string>;

/** Picks a sentence's language and fills `{name}`. */
export function say(sentence: Both, language: Language, values: Record<string, string | number> = {}): string {
  return filled(sentence[language], values);
}

/** 을/를, 은/는, 이/가 … by whether the word before ends in a consonant; for words in other scripts both are written. */
export function withParticle(word: string, afterConsonant: string, afterVowel: string): string {
  const last = word.charCodeAt(word.length - 1);
  if (last < 0xac00 || last > 0xd7a3) {
    const spoken = /[013678lmnr]$/i.test(word)
      ? afterConsonant
      : /[2459aeiouwyghjkpqstvxzbcdf]$/i.test(word)
        ? afterVowel
        : null;
    return word + (spoken ?? `${afterConsonant}(${afterVowel})`);
  }
  return word + ((last - 0xac00) % 28 === 0 ? afterVowel : afterConsonant);
}

/** 으로/로, as the word before is read aloud: 영, 삼, 육, 십, 백 … end in a consonant other than ㄹ, 엠 and 엔 as well. */
export function withRo(word: string): string {
  const last = word.charCodeAt(word.length - 1);
  if (last >= 0xac00 && last <= 0xd7a3) {
    const final = (last - 0xac00) % 28;
    return word + (final === 0 || final === 8 ? '로' : '으로');
  }
  return word + (/[036mn]$/i.test(word) ? '으로' : '로');
}

export const TASK_NAMES: Record<TaskType, Both> = {
  classification: { ko: '분류', en: 'classification' },
  detection: { ko: '객체 탐지', en: 'object detection' },
  segmentation: { ko: '영역 분할', en: 'segmentation' },
  anomaly_detection: { ko: '이상 탐지', en: 'anomaly detection' },
};

const FIELD_NAMES: Record<string, Both> = {
  epochs: { ko: '에폭 수', en: 'number of epochs' },
  batchSize: { ko: '배치 크기', en: 'batch size' },
  learningRate: { ko: '학습률', en: 'learning rate' },
  imageSize: { ko: '이미지 크기', en: 'image size' },
  weightDecay: { ko: '가중치 감쇠', en: 'weight decay' },
  momentum: { ko: '모멘텀', en: 'momentum' },
  dropout: { ko: '드롭아웃', en: 'dropout' },
  labelSmoothing: { ko: '라벨 스무딩', en: 'label smoothing' },
  seed: { ko: '시드', en: 'seed' },
  earlyStoppingPatience: { ko: '조기 종료까지 기다릴 에폭 수', en: 'early stopping patience' },
  warmupEpochs: { ko: '웜업 에폭 수', en: 'number of warmup epochs' },
  validationSplit: { ko: '검증 데이터 비율', en: 'validation share' },
  gpuCount: { ko: 'GPU 수', en: 'number of GPUs' },
  memoryGb: { ko: '메모리(GB)', en: 'memory in GB' },
  maxHours: { ko: '최대 시간', en: 'hours at most' },
  numClasses: { ko: '클래스 수', en: 'number of classes' },
};

/** What can be used in place of a value with which nothing can be trained. */
const USUAL_VALUES: Record<string, string[]> = {
  epochs: ['10', '30', '100'],
  batchSize: ['16', '32', '64'],
  learningRate: ['0.0001', '0.001', '0.01'],
  imageSize: ['224', '320', '640'],
  weightDecay: ['0', '0.0001', '0.01'],
  momentum: ['0.9', '0.95'],
  dropout: ['0', '0.2', '0.5'],
  labelSmoothing: ['0', '0.1'],
  seed: ['0', '42'],
  earlyStoppingPatience: ['3', '5', '10'],
  warmupEpochs: ['0', '3', '5'],
  validationSplit: ['0.1', '0.2', '0.3'],
  gpuCount: ['1', '2', '4'],
  memoryGb: ['16', '24', '40'],
  maxHours: ['1', '3', '12'],
  numClasses: ['2', '3', '10'],
};

export const ask = {
  dataset(language: Language, options: string[]): Question {
    const sentence = options.length
      ? { ko: '어떤 데이터셋을 쓸까요?', en: 'Which dataset should be used?' }
      : {
          ko: '학습할 데이터셋이 아직 없어요. 데이터셋을 올리거나 샘플 데이터셋을 만들까요?',
          en: 'There is no dataset for this yet. Upload one, or start with a sample dataset?',
        };
    return { field: 'dataset', question: say(sentence, language), options };
  },
  unknownDataset(language: Language, name: string, options: string[]): Question {
    const sentence = options.length
      ? {
          ko: '“{name}”에 맞는 데이터셋을 찾지 못했어요. 어떤 데이터셋을 쓸까요?',
          en: 'No dataset fits “{name}”. Which one should be used?',
        }
      : {
          ko: '“{name}”에 맞는 데이터셋이 없어요. 데이터셋을 올리거나 샘플 데이터셋을 만들까요?',
          en: 'There is no dataset for “{name}”. Upload one, or start with a sample dataset?',
        };
    return { field: 'dataset', question: say(sentence, language, { name }), options };
  },
  datasetOfOtherTask(language: Language, name: string, has: TaskType, wanted: TaskType, options: string[]): Question {
    const sentence = {
      ko: '{name} {has}용 데이터셋이라 {wanted}에는 쓸 수 없어요. 어떤 데이터셋을 쓸까요?',
      en: '{name} is a dataset for {has}, not for {wanted}. Which dataset should be used?',
    };
    const values = {
      name: language === 'ko' ? withParticle(name, '은', '는') : name,
      has: TASK_NAMES[has][language],
      wanted: TASK_NAMES[wanted][language],
    };
    return { field: 'dataset', question: say(sentence, language, values), options };
  },
  taskType(language: Language, options: readonly TaskType[]): Question {
    const sentence = { ko: '어떤 작업을 학습할까요?', en: 'What should the model do?' };
    return {
      field: 'taskType',
      question: say(sentence, language),
      options: options.map((task) => TASK_NAMES[task][language]),
    };
  },
  unknownModel(language: Language, name: string, options: string[]): Question {
    const sentence = {
      ko: '“{name}” 모델은 없어요. 혹시 이 중에 있나요?',
      en: 'There is no model named “{name}”. Did you mean one of these?',
    };
    return { field: 'modelName', question: say(sentence, language, { name }), options };
  },
  modelOfOtherTask(language: Language, name: string, task: TaskType, options: string[]): Question {
    const sentence = {
      ko: '{name} {task}에 쓰는 모델이 아니에요. 어떤 모델을 쓸까요?',
      en: '{name} is not a model for {task}. Which model should be used?',
    };
    const values = {
      name: language === 'ko' ? withParticle(name, '은', '는') : name,
      task: TASK_NAMES[task][language],
    };
    return { field: 'modelName', question: say(sentence, language, values), options };
  },
  modelTooLarge(language: Language, name: string, paramsM: number, limit: number, options: string[]): Question {
    const sentence = {
      ko: '{name}의 파라미터는 {params}M개로 {limit}M개를 넘어요. 어떤 모델을 쓸까요?',
      en: '{name} has {params}M parameters, more than {limit}M. Which model should be used?',
    };
    return {
      field: 'modelName',
      question: say(sentence, language, { name, params: Math.round(paramsM * 10) / 10, limit }),
      options,
    };
  },
  whichModel(language: Language, options: string[]): Question {
    const sentence = { ko: '어떤 모델을 학습할까요?', en: 'Which model should be trained?' };
    return { field: 'modelName', question: say(sentence, language), options };
  },
  numClasses(language: Language, said: number, dataset: string, actual: number): Question {
    const sentence = {
      ko: '{said}개 클래스라고 하셨는데 {dataset} 데이터셋에는 {actual}개가 있어요. 몇 개로 할까요?',
      en: 'You said {said} classes, but the dataset {dataset} has {actual}. Which is right?',
    };
    return {
      field: 'numClasses',
      question: say(sentence, language, { said, dataset, actual }),
      options: [String(said), String(actual)],
    };
  },
  classNames(language: Language, missing: string[], dataset: string, classes: readonly string[]): Question {
    const sentence = {
      ko: '{dataset} 데이터셋에는 {missing} 클래스가 없어요. 있는 클래스로 학습할까요?',
      en: 'The dataset {dataset} has no class {missing}. Train on the classes it has?',
    };
    return {
      field: 'classNames',
      question: say(sentence, language, { dataset, missing: missing.map((name) => `“${name}”`).join(', ') }),
      options: classes.slice(0, 10).map(String),
    };
  },
  value(language: Language, path: string, value: number): Question {
    const name = path.split('.').at(-1) ?? path;
    const sentence = {
      ko: '{field} {valueRo}는 학습할 수 없어요. 얼마로 할까요?',
      en: 'Nothing can be trained with a {field} of {value}. What should it be?',
    };
    const field = FIELD_NAMES[name]?.[language] ?? name;
    return {
      field: path,
      question: say(sentence, language, { field, value, valueRo: withRo(String(value)) }),
      options: USUAL_VALUES[name] ?? [],
    };
  },
  howMuch(language: Language, path: string): Question {
    const name = path.split('.').at(-1) ?? path;
    const field = FIELD_NAMES[name] ?? { ko: name, en: name };
    const sentence = { ko: '{field} 얼마로 할까요?', en: 'What should the {field} be?' };
    const asked = language === 'ko' ? withParticle(field.ko, '을', '를') : field.en;
    return { field: path, question: say(sentence, language, { field: asked }), options: USUAL_VALUES[name] ?? [] };
  },
  whichSetting(language: Language, value: number, paths: string[]): Question {
    const sentence = { ko: '무엇을 {valueRo} 할까요?', en: 'What should be {value}?' };
    const nameOf = (path: string) => FIELD_NAMES[path.split('.').at(-1) ?? '']?.[language] ?? path;
    return {
      field: paths[0] ?? '',
      question: say(sentence, language, { value, valueRo: withRo(String(value)) }),
      options: paths.map(nameOf),
    };
  },
  unknownOf(language: Language, field: 'run' | 'model', name: string, options: string[]): Question {
    const sentences: Record<'run' | 'model', Both> = {
      run: {
        ko: '“{name}”이라는 실행은 없어요. 혹시 이 중에 있나요?',
        en: 'There is no run named “{name}”. Did you mean one of these?',
      },
      model: {
        ko: '“{name}”이라는 모델은 없어요. 혹시 이 중에 있나요?',
        en: 'There is no model named “{name}”. Did you mean one of these?',
      },
    };
    return { field, question: say(sentences[field], language, { name }), options };
  },
  whichOf(language: Language, field: string, options: string[]): Question {
    const sentences: Record<string, Both> = {
      run: { ko: '어떤 실행을 말씀하시나요?', en: 'Which run do you mean?' },
      runs: { ko: '어떤 것들을 비교할까요?', en: 'Which should be compared?' },
      model: { ko: '어떤 모델을 말씀하시나요?', en: 'Which model do you mean?' },
      version: { ko: '어떤 버전을 말씀하시나요?', en: 'Which version do you mean?' },
      parameters: { ko: '어떤 값을 바꿔 가며 시도할까요?', en: 'Which values should be tried?' },
    };
    const none: Record<string, Both> = {
      run: {
        ko: '지금 그런 실행이 없어요. 어떤 실행을 말씀하시나요?',
        en: 'There is no such run at the moment. Which one do you mean?',
      },
      model: {
        ko: '등록된 모델 중에 그런 모델이 없어요. 어떤 모델을 말씀하시나요?',
        en: 'No registered model fits. Which one do you mean?',
      },
    };
    const sentence = (options.length === 0 ? none[field] : undefined) ??
      sentences[field] ?? { ko: '어느 쪽인가요?', en: 'Which one?' };
    return { field, question: say(sentence, language), options };
  },
};

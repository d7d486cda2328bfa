import type { Locale } from '@mallo/contracts';

/** The sentences that the assistant says, in both languages. */
const PHRASES = {
  config: {
    ko: '이렇게 학습하려고 합니다. 값을 확인하고 시작해 주세요.',
    en: 'This is what I would train. Check the values and start.',
  },
  needDataset: {
    ko: '이 프로젝트에는 아직 데이터셋이 없습니다. 클래스마다 폴더 하나씩 넣은 zip을 여기에 끌어다 놓거나, 샘플 데이터셋을 만들어 주세요.',
    en: 'This project has no dataset yet. Drop a zip with one folder for each class here, or make a sample dataset.',
  },
  outOfScope: {
    ko: '학습에 대한 말로 이해하지 못했습니다. “ResNet50으로 고양이 3종류 분류”처럼 무엇을 학습할지 적어 주세요.',
    en: 'I could not read this as a training. Say what to train, such as “train resnet18 on digits, 3 epochs”.',
  },
  datasets: { ko: '데이터셋: {names}', en: 'Datasets: {names}' },
  noDatasets: {
    ko: '아직 데이터셋이 없습니다. zip을 여기에 끌어다 놓아 주세요.',
    en: 'There are no datasets yet. Drop a zip here.',
  },
  models: { ko: '등록된 모델: {names}', en: 'Registered models: {names}' },
  noModels: {
    ko: '아직 등록된 모델이 없습니다. 학습이 끝나면 여기에 생깁니다.',
    en: 'There are no registered models yet. A training that ends leaves one.',
  },
  zoo: { ko: '학습할 수 있는 모델: {names}', en: 'Models that can be trained: {names}' },
  nothingFound: { ko: '맞는 것을 찾지 못했습니다.', en: 'Nothing was found.' },
  runs: { ko: '학습 현황입니다.', en: 'These are the runs.' },
  noRuns: { ko: '아직 시작한 학습이 없습니다.', en: 'No training was started yet.' },
  nothingToStop: { ko: '지금 진행 중인 학습이 없습니다.', en: 'No training is under way.' },
  stopWhich: { ko: '어느 학습을 멈출까요?', en: 'Which training shall I stop?' },
  stopOne: { ko: '{name} 중지', en: 'stop {name}' },
  stopConfirm: {
    ko: '{name} 학습을 멈출까요? 멈추면 모델을 남기지 않고, 되돌릴 수 없습니다.',
    en: 'Stop {name}? It then leaves no model, and this cannot be undone.',
  },
  alreadyEnded: { ko: '{name} 학습은 이미 끝났습니다.', en: '{name} has ended already.' },
  stopping: { ko: '{name} 학습을 멈추고 있습니다.', en: 'Stopping {name}.' },
  notFromChat: {
    ko: '무엇을 뜻하는지는 알지만 채팅에서 아직 할 수 없는 일입니다. 모델과 데이터셋 페이지에서 할 수 있는 일을 확인해 주세요.',
    en: 'I see what you mean, but it cannot be done from the chat yet. See what the models and datasets pages offer.',
  },
  help: {
    ko: '무엇을 학습할지 적어 주세요. 예: “digits를 resnet18로 3 에폭 학습”. 진행 중인 학습은 “중지” 또는 “상태 알려줘”로 다룰 수 있습니다.',
    en: 'Say what to train, such as “train resnet18 on digits, 3 epochs, batch 64”. “stop” and “status” work on a training under way.',
  },
} as const satisfies Record<string, Record<Locale, string>>;

export type PhraseName = keyof typeof PHRASES;

/** A sentence of the assistant, its `{name}`s filled in. */
export function say(locale: Locale, name: PhraseName, values: Record<string, string> = {}): string {
  return PHRASES[name][locale].replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

import { filled, type Locale } from '@mallo/contracts';

/** The sentences that the assistant says, in both languages; in Korean in the polite 해요 style. */
const PHRASES = {
  config: {
    ko: '이렇게 학습하려고 해요. 값을 확인하고 시작해 주세요.',
    en: 'This is what I would train. Check the values and start.',
  },
  sameConfig: {
    ko: '지금 설정과 같아요. 시작을 누르면 학습해요.',
    en: 'That is the config as it stands. Press Start to train it.',
  },
  needDataset: {
    ko: '이 프로젝트에는 아직 데이터셋이 없어요. 클래스마다 폴더 하나씩 넣은 zip을 여기에 끌어다 놓거나, 샘플 데이터셋을 만들어 주세요.',
    en: 'This project has no dataset yet. Drop a zip with one folder for each class here, or make a sample dataset.',
  },
  outOfScope: {
    ko: '학습에 대한 말로 이해하지 못했어요. “ResNet50으로 고양이 3종류 분류”처럼 무엇을 학습할지 적어 주세요.',
    en: 'I could not read this as a training. Say what to train, such as “train resnet18 on digits, 3 epochs”.',
  },
  datasets: { ko: '데이터셋: {names}', en: 'Datasets: {names}' },
  noDatasets: {
    ko: '아직 데이터셋이 없어요. zip을 여기에 끌어다 놓아 주세요.',
    en: 'There are no datasets yet. Drop a zip here.',
  },
  models: { ko: '등록된 모델: {names}', en: 'Registered models: {names}' },
  noModels: {
    ko: '아직 등록된 모델이 없어요. 학습이 끝나면 여기에 생겨요.',
    en: 'There are no registered models yet. A training that ends leaves one.',
  },
  zoo: { ko: '학습할 수 있는 모델: {names}', en: 'Models that can be trained: {names}' },
  nothingFound: { ko: '맞는 것을 찾지 못했어요.', en: 'Nothing was found.' },
  runs: { ko: '학습 현황이에요.', en: 'These are the runs.' },
  noRuns: { ko: '아직 시작한 학습이 없어요.', en: 'No training was started yet.' },
  nothingToStop: { ko: '지금 진행 중인 학습이 없어요.', en: 'No training is under way.' },
  stopWhich: { ko: '어느 학습을 멈출까요?', en: 'Which training shall I stop?' },
  stopOne: { ko: '{name} 중지', en: 'stop {name}' },
  stopConfirm: {
    ko: '{name} 학습을 멈출까요? 멈추면 모델을 남기지 않고, 되돌릴 수 없어요.',
    en: 'Stop {name}? It then leaves no model, and this cannot be undone.',
  },
  alreadyEnded: { ko: '{name} 학습은 이미 끝났어요.', en: '{name} has ended already.' },
  stopping: { ko: '{name} 학습을 멈추고 있어요.', en: 'Stopping {name}.' },
  promoteConfirm: {
    ko: '{model}의 {version} 버전을 @{alias}(으)로 올릴까요?',
    en: 'Promote version {version} of {model} to @{alias}?',
  },
  promoteReplaces: {
    ko: '지금의 @champion {before}은(는) @rollback이 되어 언제든 되돌릴 수 있어요.',
    en: 'The @champion of now, {before}, becomes @rollback, to return to at any time.',
  },
  promoteMoves: {
    ko: '지금은 {before}을(를) 가리켜요.',
    en: 'It points to {before} now.',
  },
  promoted: { ko: '{model}의 @{alias}은(는) 이제 {version}이에요.', en: '@{alias} of {model} is {version} now.' },
  alreadyPromoted: {
    ko: '{model}의 @{alias}은(는) 이미 {version}이에요.',
    en: '@{alias} of {model} is {version} already.',
  },
  rollbackConfirm: {
    ko: '{model}의 @champion을 {now}에서 {before}(으)로 되돌릴까요? {now}은(는) @rollback이 돼요.',
    en: 'Roll @champion of {model} back from {now} to {before}? {now} becomes @rollback.',
  },
  deprecated: {
    ko: '{model}의 {version} 버전에는 사용 중단 표시가 있어요(“{reason}”). 다른 버전을 고르거나, 모델 페이지에서 표시를 먼저 지워 주세요.',
    en: 'Version {version} of {model} is deprecated (“{reason}”). Choose another, or take that back on the page of the model first.',
  },
  rollbackDeprecated: {
    ko: '{model}의 @rollback인 {before} 버전에는 사용 중단 표시가 있어요(“{reason}”). 그래도 되돌리려면 모델 페이지에서 이유를 적고 되돌려 주세요.',
    en: 'The @rollback of {model}, {before}, is deprecated (“{reason}”). To return to it all the same, do so on the page of the model, where you say why.',
  },
  nothingToRollBack: {
    ko: '{model}에는 되돌아갈 @rollback 버전이 아직 없어요. 새 버전을 @champion으로 올리면 그 전 버전이 @rollback이 돼요.',
    en: '{model} has no @rollback version to return to yet. When another version is promoted, the one before becomes it.',
  },
  fromChat: { ko: '채팅에서 확인', en: 'Confirmed in the chat' },
  noSuchModel: {
    ko: '그런 모델이나 버전이 없어요. 등록된 모델: {names}',
    en: 'There is no such model or version. Registered models: {names}',
  },
  notFromChat: {
    ko: '무엇을 뜻하는지는 알지만 채팅에서 아직 할 수 없는 일이에요. 모델과 데이터셋 페이지에서 할 수 있는 일을 확인해 주세요.',
    en: 'I see what you mean, but it cannot be done from the chat yet. See what the models and datasets pages offer.',
  },
  help: {
    ko: '무엇을 학습할지 적어 주세요. 예: “digits를 resnet18로 3 에폭 학습”. 진행 중인 학습은 “중지” 또는 “상태 알려줘”로 다룰 수 있어요.',
    en: 'Say what to train, such as “train resnet18 on digits, 3 epochs, batch 64”. “stop” and “status” work on a training under way.',
  },
} as const satisfies Record<string, Record<Locale, string>>;

export type PhraseName = keyof typeof PHRASES;

/** A sentence of the assistant, its `{name}`s filled in. */
export function say(locale: Locale, name: PhraseName, values: Record<string, string> = {}): string {
  return filled(PHRASES[name][locale], values);
}

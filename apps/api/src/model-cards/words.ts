import { filled, type Locale } from '@mallo/contracts';

/** What a model card says, in both languages. */
const WORDS = {
  task: { ko: '용도', en: 'Intended use' },
  classifies: {
    ko: '이미지를 다음 {count}개 클래스로 분류합니다: {names}.',
    en: 'Classifies images into {count} classes: {names}.',
  },
  classifiesAny: { ko: '이미지를 분류합니다.', en: 'Classifies images.' },
  detects: {
    ko: '이미지에서 다음 {count}개 클래스의 물체를 찾습니다: {names}.',
    en: 'Finds objects of {count} classes in images: {names}.',
  },
  detectsAny: { ko: '이미지에서 물체를 찾습니다.', en: 'Finds objects in images.' },
  segments: {
    ko: '이미지의 픽셀이 다음 {count}개 클래스 가운데 무엇인지 나눕니다: {names}.',
    en: 'Segments images: tells which of {count} classes each pixel belongs to: {names}.',
  },
  segmentsAny: { ko: '이미지를 픽셀 단위로 나눕니다.', en: 'Segments images: tells what each pixel belongs to.' },
  findsAnomalies: {
    ko: '이미지가 정상에서 얼마나 벗어났는지, 어디가 그런지 알려 줍니다.',
    en: 'Tells how unusual an image is, and where.',
  },
  memo: { ko: '메모', en: 'Memo' },
  notes: { ko: '노트', en: 'Notes' },
  notesBy: { ko: '{name}, {at}', en: '{name}, {at}' },
  limits: { ko: '한계', en: 'Limits' },
  noValidation: {
    ko: '{name} 클래스는 검증 이미지가 없어 얼마나 맞히는지 알 수 없습니다.',
    en: 'No validation image of class {name}: how well it is told is not known.',
  },
  fewValidation: {
    ko: '{name} 클래스의 검증 이미지는 {count}장뿐이라 지표가 크게 흔들립니다.',
    en: 'Only {count} validation images of class {name}: its figures may be far off.',
  },
  weakClass: {
    ko: '{name} 클래스는 {recall}만 맞혔습니다(검증 이미지 {count}장).',
    en: 'Of class {name} only {recall} are told right ({count} validation images).',
  },
  unknownThings: {
    ko: '학습하지 않은 것을 보여 주어도 위 클래스 가운데 하나로 답합니다.',
    en: 'Shown anything else, it still answers with one of these classes.',
  },
  unknownPixels: {
    ko: '학습하지 않은 것이 있어도 모든 픽셀에 위 클래스 가운데 하나로 답합니다.',
    en: 'Shown anything else, it still answers with one of these classes for every pixel.',
  },
  unknownObjects: {
    ko: '위 클래스가 아닌 물체는 찾지 않거나 위 클래스로 잘못 봅니다.',
    en: 'Objects of other classes are passed over, or taken for one of these.',
  },
  unknownDefects: {
    ko: '학습 이미지와 다르게 찍은 사진은 흠이 없어도 이상하다고 할 수 있습니다.',
    en: 'A picture taken in another way than those it learned from may seem unusual without a fault.',
  },
  noDataKnown: {
    ko: '무엇으로 학습했는지 알려지지 않았습니다.',
    en: 'What it learned from is not known.',
  },
  noFiguresKnown: {
    ko: '지표가 없어 얼마나 잘 맞히는지 알 수 없습니다.',
    en: 'It has no figures: how good it is is not known.',
  },
  deprecated: { ko: '더 이상 쓰지 말아야 합니다: {reason}', en: 'Should no longer be used: {reason}' },
  data: { ko: '데이터', en: 'Data' },
  learnedFrom: {
    ko: '데이터셋 {name}의 버전 {number}: {classes}개 클래스의 이미지 {count}장.',
    en: 'Version {number} of dataset {name}: {count} images of {classes} classes.',
  },
  measuredOn: {
    ko: '데이터셋 {name}의 버전 {number}에서 지표를 쟀습니다: {classes}개 클래스의 이미지 {count}장.',
    en: 'The figures were measured on version {number} of dataset {name}: {count} images of {classes} classes.',
  },
  dataNamed: { ko: '데이터셋 {name}.', en: 'Dataset {name}.' },
  dataGone: {
    ko: '데이터셋 {name}에서 학습했습니다. 그 데이터셋은 이제 여기 없습니다.',
    en: 'Learned from dataset {name}, which is no longer here.',
  },
  split: {
    ko: '{train}장으로 학습하고, 시드 {seed}로 고른 {validation}장({share})은 검증에만 썼습니다.',
    en: '{train} images to learn from; {validation} ({share}), chosen by seed {seed}, were held back to measure by.',
  },
  balanced: {
    ko: '클래스가 고릅니다. 가장 많은 {most}이(가) 가장 적은 {least}의 {times}배입니다.',
    en: 'The classes are balanced: the largest, {most}, has {times} times as many images as the smallest, {least}.',
  },
  unbalanced: {
    ko: '클래스가 고르지 않습니다. 가장 많은 {most}이(가) 가장 적은 {least}의 {times}배입니다.',
    en: 'The classes are not balanced: the largest, {most}, has {times} times as many images as the smallest, {least}.',
  },
  emptyClass: { ko: '{names} 클래스에는 이미지가 없습니다.', en: 'There is no image of class {names}.' },
  class: { ko: '클래스', en: 'Class' },
  images: { ko: '이미지', en: 'Images' },
  share: { ko: '비율', en: 'Share' },
  validation: { ko: '검증', en: 'Validation' },
  metrics: { ko: '지표', en: 'Figures' },
  figure: { ko: '지표', en: 'Figure' },
  value: { ko: '값', en: 'Value' },
  precision: { ko: '정밀도', en: 'Precision' },
  recall: { ko: '재현율', en: 'Recall' },
  confusion: { ko: '혼동 행렬 (행: 실제, 열: 예측)', en: 'Confusion matrix (rows: true, columns: predicted)' },
  training: { ko: '학습', en: 'Training' },
  trainedFor: {
    ko: '{architecture}, {epochs} 에폭, {duration}, {device}, 초기 가중치 {weights}.',
    en: '{architecture}, {epochs} epochs, {duration} on {device}, initial weights: {weights}.',
  },
  noWeights: { ko: '없음', en: 'none' },
  curves: { ko: '학습 곡선', en: 'Curves' },
  loss: { ko: '손실', en: 'Loss' },
  accuracy: { ko: '정확도', en: 'Accuracy' },
  energy: {
    ko: '전력은 약 {energy} Wh로 어림합니다(평균 {watts} W로 가정).',
    en: 'Energy: about {energy} Wh (estimated at {watts} W).',
  },
  cost: {
    ko: '비용은 약 {cost} {currency}입니다(시간당 {price} {currency}).',
    en: 'Cost: about {cost} {currency} (at {price} {currency} an hour).',
  },
  license: { ko: '초기 가중치의 라이선스: {license}.', en: 'Licence of the initial weights: {license}.' },
  runTag: { ko: '실행의 태그', en: 'Tag of the run' },
  setting: { ko: '설정', en: 'Setting' },
  environment: {
    ko: 'Python 환경은 environment.lock, 레시피는 {recipe}에 있습니다.',
    en: 'The Python environment is in environment.lock, the recipe is {recipe}.',
  },
  environmentIn: {
    ko: 'Python 환경은 함께 기록된 {name}에 있습니다.',
    en: 'The Python environment is in {name}, which was logged with it.',
  },
  use: { ko: '쓰는 법', en: 'How to use it' },
  lineage: { ko: '만들어진 과정', en: 'Lineage' },
  files: { ko: '업로드한 파일', en: 'Uploaded files' },
  elsewhere: { ko: '다른 곳에 있는 모델', en: 'A model kept elsewhere' },
  datasetVersion: { ko: '버전 {number}', en: 'version {number}' },
  conversation: { ko: '대화', en: 'Conversation' },
  you: { ko: '사람', en: 'Person' },
  seconds: { ko: '{count}초', en: '{count} s' },
  minutes: { ko: '{count}분', en: '{count} min' },
  uploaded: { ko: '업로드한 파일로 등록한 모델입니다.', en: 'Registered from uploaded files.' },
  converted: { ko: '버전 {version}에서 변환했습니다.', en: 'Converted from version {version}.' },
  logged: { ko: 'MLflow로 등록한 모델입니다: {source}', en: 'Registered over MLflow from {source}.' },
} as const satisfies Record<string, Record<Locale, string>>;

export type Word = keyof typeof WORDS;
export type Say = ReturnType<typeof wordsOf>;

/** The words of one language, `{name}`s filled in. */
export function wordsOf(locale: Locale) {
  return (name: Word, values: Record<string, string | number> = {}): string => filled(WORDS[name][locale], values);
}

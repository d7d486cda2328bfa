import { filled, type Locale } from '@mallo/contracts';

/** What a model card says, in both languages. */
const WORDS = {
  task: { ko: '용도', en: 'Intended use' },
  classifies: {
    ko: '이미지를 다음 {count}개 클래스로 분류합니다: {names}.',
    en: 'Classifies images into {count} classes: {names}.',
  },
  otherTask: { ko: '과제: {task}.', en: 'Task: {task}.' },
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
  deprecated: { ko: '더 이상 쓰지 말아야 합니다: {reason}', en: 'Should no longer be used: {reason}' },
  data: { ko: '데이터', en: 'Data' },
  datasetIs: { ko: '데이터셋 {name} (SHA-256 {sha256}).', en: 'Dataset {name} (SHA-256 {sha256}).' },
  class: { ko: '클래스', en: 'Class' },
  images: { ko: '이미지', en: 'Images' },
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
  setting: { ko: '설정', en: 'Setting' },
  environment: {
    ko: 'Python 환경은 `environment.lock`, 레시피는 `{recipe}`에 있습니다.',
    en: 'The Python environment is in `environment.lock`, the recipe is `{recipe}`.',
  },
  use: { ko: '쓰는 법', en: 'How to use it' },
  lineage: { ko: '만들어진 과정', en: 'Lineage' },
  conversation: { ko: '대화', en: 'Conversation' },
  you: { ko: '사람', en: 'Person' },
  seconds: { ko: '{count}초', en: '{count} s' },
  minutes: { ko: '{count}분', en: '{count} min' },
  uploaded: { ko: '업로드한 파일로 등록한 모델입니다.', en: 'Registered from uploaded files.' },
} as const satisfies Record<string, Record<Locale, string>>;

export type Word = keyof typeof WORDS;

/** The words of one language, `{name}`s filled in. */
export function wordsOf(locale: Locale) {
  return (name: Word, values: Record<string, string | number> = {}): string => filled(WORDS[name][locale], values);
}

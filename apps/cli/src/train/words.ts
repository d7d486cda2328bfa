import type { Locale, StepName } from '@mallo/contracts';
import { counted, type Sentence } from '../sentences.js';

/** What the terminal says while it trains. */
export const words = {
  usesRunning: (url: string): Sentence => ({
    en: `Using the Mallo at ${url}`,
    ko: `실행 중인 Mallo를 사용합니다: ${url}`,
  }),
  starting: (): Sentence => ({ en: 'Starting Mallo …', ko: 'Mallo를 시작하는 중 …' }),
  stopping: (): Sentence => ({ en: 'Stopping Mallo …', ko: 'Mallo를 끝내는 중 …' }),
  stopped: (): Sentence => ({
    en: 'Mallo has stopped. To open the page: npm start',
    ko: 'Mallo를 끝냈습니다. 페이지를 열려면: npm start',
  }),
  notAnswering: (url: string): Sentence => ({
    en: `The Mallo at ${url} does not answer. Stop it and run the command again.`,
    ko: `${url}의 Mallo가 응답하지 않습니다. 끝낸 뒤 다시 실행해 주세요.`,
  }),
  noKey: (home: string): Sentence => ({
    en: `The key to sign in with was not found in ${home}. Set MALLO_HOME to the folder of the running Mallo.`,
    ko: `${home} 폴더에 로그인 키가 없습니다. MALLO_HOME을 실행 중인 Mallo의 폴더로 지정하세요.`,
  }),
  projectName: (): Sentence => ({ en: 'My project', ko: '내 프로젝트' }),
  makingSample: (kind: string): Sentence => ({
    en: `Making the sample dataset “${kind}” …`,
    ko: `샘플 데이터셋 “${kind}” 만드는 중 …`,
  }),
  madeSample: (kind: string, images: number, classes: number): Sentence => ({
    en: `Dataset “${kind}”: ${counted(images, 'image')}, ${counted(classes, 'class', 'classes')}`,
    ko: `데이터셋 “${kind}”: 이미지 ${images.toLocaleString('ko')}장, 클래스 ${classes}개`,
  }),
  chooseSample: (): Sentence => ({ en: 'Make a sample dataset?', ko: '샘플 데이터셋을 만들까요?' }),
  answer: (options: number): Sentence =>
    options > 0
      ? { en: `Number (1–${options}) or your own words: `, ko: `번호(1–${options}) 또는 직접 입력: ` }
      : { en: 'Your answer: ', ko: '답: ' },
  started: (): Sentence => ({
    en: 'Training started. Ctrl-C cancels it.',
    ko: '학습을 시작했습니다. Ctrl-C로 취소합니다.',
  }),
  confirm: (): Sentence => ({ en: 'Do it? [y/N] ', ko: '진행할까요? [y/N] ' }),
  askCancel: (): Sentence => ({ en: 'Cancel the training? [y/N] ', ko: '학습을 취소할까요? [y/N] ' }),
  cancelling: (): Sentence => ({ en: 'Cancelling …', ko: '취소하는 중 …' }),
  goesOn: (withMallo: boolean): Sentence =>
    withMallo
      ? { en: 'The training goes on at the next start of Mallo.', ko: '학습은 다음에 Mallo를 시작하면 이어집니다.' }
      : { en: 'The training goes on without this terminal.', ko: '이 터미널이 없어도 학습은 계속됩니다.' },
  done: (accuracy: string): Sentence => ({
    en: `Training complete! Accuracy ${accuracy}`,
    ko: `학습 완료! 정확도 ${accuracy}`,
  }),
  model: (name: string, version: string): Sentence => ({
    en: `Model ${name}, version ${version}`,
    ko: `모델 ${name}, 버전 ${version}`,
  }),
  cancelled: (): Sentence => ({ en: 'The training was cancelled.', ko: '학습을 취소했습니다.' }),
  failed: (): Sentence => ({ en: 'The training failed.', ko: '학습이 실패했습니다.' }),
  epoch: (epoch: number, epochs: number): Sentence => ({
    en: `Epoch ${epoch}/${epochs}`,
    ko: `에폭 ${epoch}/${epochs}`,
  }),
  batch: (batch: number, batches: number): Sentence => ({
    en: `batch ${batch}/${batches}`,
    ko: `배치 ${batch}/${batches}`,
  }),
  remaining: (time: string): Sentence => ({ en: `${time} left`, ko: `${time} 남음` }),
  reconnecting: (): Sentence => ({
    en: 'reconnecting; the training goes on',
    ko: '다시 연결하는 중, 학습은 계속됩니다',
  }),
  loss: (): Sentence => ({ en: 'loss', ko: '손실' }),
  validationLoss: (): Sentence => ({ en: 'validation loss', ko: '검증 손실' }),
  validationAccuracy: (): Sentence => ({ en: 'validation accuracy', ko: '검증 정확도' }),
  estimate: (): Sentence => ({ en: 'Estimated time', ko: '예상 시간' }),
  pastError: (percent: string, runs: number): Sentence => ({
    en: `past estimates were off by ${percent} (${counted(runs, 'training')})`,
    ko: `지난 예상의 오차 ${percent} (학습 ${runs}번)`,
  }),
  memory: (): Sentence => ({ en: 'Estimated memory', ko: '예상 메모리' }),
  memoryOf: (needed: string, available: string): Sentence => ({
    en: `${needed} of ${available} GB`,
    ko: `${available} GB 중 ${needed} GB`,
  }),
  cost: (): Sentence => ({ en: 'Estimated cost', ko: '예상 비용' }),
};

export const stepNames: Record<StepName, Sentence> = {
  validate_dataset: { en: 'Checking the dataset', ko: '데이터셋 확인' },
  prepare_model: { en: 'Preparing the model', ko: '모델 준비' },
  allocate_compute: { en: 'Allocating compute', ko: '연산 자원 할당' },
  run_training: { en: 'Training', ko: '학습' },
  register_model: { en: 'Registering the model', ko: '모델 등록' },
  release_compute: { en: 'Releasing compute', ko: '연산 자원 반납' },
};

/** A duration as a person says it: 80 → “1 min 20 s”. */
export function durationOf(seconds: number, locale: Locale): string {
  const whole = Math.max(0, Math.round(seconds));
  const units = locale === 'ko' ? ['시간', '분', '초'] : [' h', ' min', ' s'];
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const first = Math.max(
    0,
    parts.findIndex((part) => part > 0),
  );
  const shown = parts.map((part, index) => ({ part, unit: units[index] })).slice(whole === 0 ? 2 : first);
  return shown
    .slice(0, 2)
    .filter(({ part }, index) => part > 0 || index === 0)
    .map(({ part, unit }) => `${part}${unit}`)
    .join(' ');
}

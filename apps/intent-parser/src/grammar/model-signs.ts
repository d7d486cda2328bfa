import { hasObject, hasSetting, isQuestion, namesModelOrRun } from './command-signs.js';
import { means, type Reading, says } from './reading.js';
import { has } from './terms.js';

const SHOWS_IT = new Set([
  '테스트',
  'test',
  'tryout',
  'run',
  'try',
  'use',
  'feed',
  'check',
  'give',
  'upload',
  'let',
  'ask',
  'send',
  'see',
  'say',
  'tell',
  '넣다',
  '돌리다',
  '돌려서',
  '올리다',
  '묻다',
  '물어보다',
  '물어',
  '보여주다',
  '확인',
  '봐줘',
  '봐',
]);
const HANDS_OVER = ['로', '으로', '한테', '에게', '에', '더러'];

/** Whether a model of the project is what a picture is given to: "고양이 모델로", "with the cat model". */
function givenTo(reading: Reading): boolean {
  if (reading.ownModels.some((hit) => hit.exact)) return true;
  if (reading.ownModels.length === 0) return false;
  return reading.terms.some((term, at) => {
    if (!has(term, 'noun.model')) return false;
    const before = reading.terms.slice(Math.max(0, at - 4), at).map((one) => one.text);
    return (
      HANDS_OVER.includes(reading.terms[at + 1]?.text ?? '') ||
      before.some((text) => ['with', 'using', 'by', 'through'].includes(text))
    );
  });
}

/** "이 꽃 사진 뭐야?", "what breed is this cat?": something is shown, and asked what it is. */
function asksWhatIsShown(reading: Reading): boolean {
  if (!isQuestion(reading) || !says(reading, 'verb.explain', 'ask.what', 'verb.list')) return false;
  const shown = /\b(?:what|which)\b.{1,30}\bis (?:this|that|it)\b/.test(reading.text.chars);
  if (
    shown &&
    reading.datasets.length > 0 &&
    reading.models.length < 2 &&
    !says(reading, 'noun.dataset', 'noun.version', 'verb.status', 'verb.train')
  )
    return true;
  if (says(reading, 'noun.dataset', 'noun.result', 'verb.train', 'noun.run', 'noun.version')) return false;
  return reading.terms.some((term, at) => {
    if (!['이', 'this', '이거', '이게', '이건'].includes(term.text)) return false;
    const behind = reading.terms.slice(at + 1, at + 4);
    return behind.some((next) => has(next, 'noun.image') || (next.subjects.length > 0 && reading.datasets.length > 0));
  });
}

export function asksPrediction(reading: Reading): boolean {
  if (says(reading, 'other.domain')) return false;
  // "왜 이 사진을 참새라고 판단했는지 설명해줘" asks for the reason of a prediction.
  const last = reading.terms.findLast((term) => !term.empty);
  if (says(reading, 'ask.why') && !has(last, 'verb.predict')) return false;
  const image = says(reading, 'noun.image', 'one.image');
  const other = says(reading, 'noun.dataset', 'verb.benchmark', 'verb.quantize', 'verb.compare', 'alias.champion');
  if (image && !other && reading.fields.found.length === 0 && givenTo(reading)) {
    if (reading.terms.some((term) => SHOWS_IT.has(term.text)) && !says(reading, 'verb.promote')) return true;
  }
  // "이 영수증 사진 docs-vit로 분류해줘"
  const pointed = reading.terms.some(
    (term, at) =>
      ['이', 'this'].includes(term.text) && reading.terms.slice(at + 1, at + 4).some((next) => has(next, 'noun.image')),
  );
  const exact = reading.ownModels.some((hit) => hit.exact);
  if (
    (pointed || says(reading, 'this.image')) &&
    exact &&
    !other &&
    reading.fields.found.length === 0 &&
    reading.tasks.length > 0
  )
    return true;
  // "which animal left this footprint? build me a classifier for that"
  const builds = says(reading, 'verb.make') && reading.tasks.some((task) => !task.weak);
  const trains = reading.models.length > 0 && reading.fields.found.length > 0;
  if (!builds && !trains && asksWhatIsShown(reading)) return true;
  if (!means(reading, 'verb.predict')) return false;
  if (says(reading, 'verb.explain') && !says(reading, 'noun.image', 'this.image')) return false;
  return (
    !says(reading, 'noun.dataset') &&
    reading.fields.found.length === 0 &&
    (hasObject(reading) || says(reading, 'noun.image', 'this.image'))
  );
}

const COMPRESSES = new Set(['compress', 'shrink', 'squeeze', '압축', '압축하다', '경량화']);

export function asksQuantization(reading: Reading): boolean {
  // "train mobilenet on cats and quantize it" begins with the training.
  const own = reading.ownModels.some((hit) => hit.exact);
  if (!own && says(reading, 'verb.train') && reading.models.length > 0 && reading.datasets.length > 0) return false;
  // "mobilenet on capacitors, int8-friendly, 20 epochs" trains.
  if (!own && hasSetting(reading) && reading.models.length > 0) return false;
  // "convert cats-resnet50 to fp16": what is registered already is not trained anew.
  if (says(reading, 'verb.convert') && says(reading, 'precision.fp16') && namesModelOrRun(reading)) return true;
  if (means(reading, 'verb.quantize')) return hasObject(reading);
  const compresses = reading.terms.some((term) => COMPRESSES.has(term.text));
  if (compresses && givenAsObject(reading) && !says(reading, 'verb.train')) return true;
  // "squeeze helmet-yolo down to fp16": whatever the verb, a finished model is given another precision.
  if (
    says(reading, 'precision.int8', 'precision.fp16') &&
    reading.ownModels.some((hit) => hit.exact) &&
    (!says(reading, 'verb.train') || says(reading, 'backend.tensorrt', 'backend.openvino', 'backend.onnxruntime')) &&
    !says(reading, 'verb.benchmark', 'verb.compare') &&
    reading.fields.found.every((found) => found.path === 'hyperparameters.precision')
  )
    return true;
  return (
    says(reading, 'precision.int8') &&
    (says(reading, 'verb.convert', 'verb.make', 'verb.change') || namesModelOrRun(reading))
  );
}

/** "put the old one back", "한 단계 전으로 돌려줘": a verb of moving beside the place to go back to. */
export function putsBack(reading: Reading): boolean {
  if (
    reading.datasets.some(
      (hit) => hit.exact && !reading.ownModels.some((own) => own.from <= hit.from && own.to >= hit.to),
    )
  )
    return false;
  const last = reading.terms.findLast((term) => !term.empty);
  // "xray-densenet 1.2.0 별로야 이전으로"
  if (has(last, 'word.back') && /^[가-힣]/.test(last?.text ?? '')) return true;
  return reading.terms.some((term) =>
    [
      'put',
      'give',
      'giveme',
      'bring',
      'switch',
      'restore',
      'return',
      'go',
      'take',
      '돌리다',
      '돌려',
      '돌려놓다',
      '돌아가다',
      '바꾸다',
      '가다',
    ].includes(term.text),
  );
}

function givenAsObject(reading: Reading): boolean {
  return reading.ownModels.some((hit) => hit.exact) || (reading.ownModels.length > 0 && says(reading, 'noun.model'));
}

/** "is helmet-yolo faster with batch 1 or 8?", "cats-resnet50 배치별 속도 1 4 16" */
export function asksSpeed(reading: Reading): boolean {
  if (!givenAsObject(reading) || says(reading, 'verb.train', 'noun.zoo', 'verb.search') || reading.tasks.length > 0)
    return false;
  if (says(reading, 'ask.why')) return false;
  const batches = reading.fields.several.some(({ name }) => name === 'batchSize');
  return (
    says(reading, 'noun.speed') ||
    (says(reading, 'want.fast') && (batches || isQuestion(reading)) && !says(reading, 'noun.run', 'verb.compare'))
  );
}

/** "time cats-resnet50 at batch 8" */
export function timesModel(reading: Reading): boolean {
  const first = reading.terms.find((term) => !term.empty && !has(term, 'affirm', 'verb.help'));
  return (
    ['time', 'clock', 'profile', 'speedtest'].includes(first?.text ?? '') && reading.ownModels.some((hit) => hit.exact)
  );
}

/** "ship helmet-yolo": putting a model to use, with no word of where. */
export function shipsModel(reading: Reading): boolean {
  const ships = reading.terms.some((term) =>
    ['ship', 'deploy', 'release', 'live', '배포', '출시', '릴리스', '릴리즈'].includes(term.text),
  );
  const named = reading.ownModels.some((hit) => hit.exact || says(reading, 'noun.model', 'noun.version'));
  return ships && named && reading.tasks.length === 0 && !isQuestion(reading) && !says(reading, 'verb.train');
}

/** "버전 하나 내려줘": a model is to be an earlier version of itself. */
function lowersVersion(reading: Reading): boolean {
  const lowers = reading.terms.some((term) => ['내리다', '낮추다', 'down', 'lower', 'drop'].includes(term.text));
  return lowers && says(reading, 'noun.version') && reading.ownModels.length > 0;
}

/** "go back to cats-resnet50 1.0.0", "예전 모델로 돌아가": a model is to be what it was. */
export function returnsTo(reading: Reading): boolean {
  if (isQuestion(reading) || hasSetting(reading)) return false;
  if (lowersVersion(reading)) return true;
  // "젯슨 나노에서 돌아가야 해": it is to run there.
  const runs = reading.terms.some((term, at) => has(term, 'verb.return') && reading.terms[at - 1]?.text === '에서');
  if (!means(reading, 'verb.return') || runs) return false;
  return (
    reading.ownModels.some((hit) => hit.exact) ||
    (reading.ownModels.length > 0 && says(reading, 'noun.model', 'noun.version'))
  );
}

import { z } from 'zod';
import { MODEL_ERRORS } from './model-errors.js';

/** The two languages in which everything a person reads is written. */
export const Locale = z.enum(['ko', 'en']);
export type Locale = z.infer<typeof Locale>;

type ErrorEntry = { status: number; en: string; ko: string };

/**
 * Every error a person or a program can be shown: its code, HTTP status, and what happened and what to do,
 * in both languages. `{name}` is replaced by the parameter of that name.
 */
export const ERRORS = {
  ...MODEL_ERRORS,
  'request.invalid': {
    status: 400,
    en: 'The request is not of the expected form: {problem}. Correct it and send it again.',
    ko: '요청 형식이 올바르지 않습니다: {problem}. 고쳐서 다시 보내 주세요.',
  },
  'request.not_a_number': {
    status: 400,
    en: 'The value of “{key}” is {word}, which is no number, and which JSON cannot hold. Leave it out, or send the number.',
    ko: '“{key}” 값이 {word}입니다. 숫자가 아니고 JSON에 담을 수도 없으니 빼거나 숫자를 보내 주세요.',
  },
  'request.range_unsatisfiable': {
    status: 416,
    en: 'The file has only {size} bytes.',
    ko: '파일은 {size}바이트입니다. 그 안의 범위를 요청해 주세요.',
  },
  'request.too_large': {
    status: 413,
    en: 'This is larger than the limit of {limit}. Send something smaller.',
    ko: '{limit} 제한보다 큽니다. 더 작게 보내 주세요.',
  },
  'request.not_found': {
    status: 404,
    en: 'There is nothing at this address. Check the link.',
    ko: '이 주소에는 아무것도 없습니다. 링크를 확인해 주세요.',
  },
  'request.conflict': {
    status: 409,
    en: 'Someone else changed this at the same moment. Reload and try again.',
    ko: '같은 순간에 다른 변경이 있었습니다. 새로고침 후 다시 시도해 주세요.',
  },
  'request.too_many': {
    status: 429,
    en: 'Too many attempts. Wait {seconds} seconds and try again.',
    ko: '시도가 너무 많습니다. {seconds}초 뒤에 다시 시도해 주세요.',
  },
  'server.unexpected': {
    status: 500,
    en: 'Something went wrong on our side. Try again; if it happens again, report the trace id {traceId}.',
    ko: '서버에서 문제가 생겼습니다. 다시 시도해 보고, 또 생기면 추적 번호 {traceId}를 알려 주세요.',
  },
  'server.unavailable': {
    status: 503,
    en: 'A part of Mallo ({part}) is not answering. It is usually back within seconds; try again.',
    ko: 'Mallo의 일부({part})가 응답하지 않습니다. 보통 몇 초 안에 돌아오니 다시 시도해 주세요.',
  },
  'server.disk_full': {
    status: 507,
    en: 'The disk is full. Free some space and try again; nothing was kept of this attempt.',
    ko: '디스크가 가득 찼습니다. 공간을 확보하고 다시 시도해 주세요. 이번 시도는 아무것도 남기지 않았습니다.',
  },
  'query.invalid': {
    status: 400,
    en: 'The query cannot be answered: {problem}. Correct it and ask again.',
    ko: '질의에 답할 수 없습니다: {problem}. 고쳐서 다시 물어 주세요.',
  },
  'run.search_invalid': {
    status: 400,
    en: 'This search of runs is not understood (“{detail}”). Write it like metrics.loss < 0.1 and params.model = "resnet18".',
    ko: '실행을 찾는 식을 이해하지 못했습니다(“{detail}”). metrics.loss < 0.1 and params.model = "resnet18"처럼 적어 주세요.',
  },
  'query.too_large': {
    status: 422,
    en: 'The query needs more memory than a query may have. Ask for fewer rows, columns or shorter texts.',
    ko: '질의가 허용된 것보다 많은 메모리를 씁니다. 행이나 열을 줄이거나 더 짧은 텍스트를 물어 주세요.',
  },
  'query.too_slow': {
    status: 422,
    en: 'The query took longer than {seconds} seconds and was ended. Ask for less, or export the points and query the file.',
    ko: '질의가 {seconds}초를 넘겨 끝냈습니다. 더 적게 묻거나, 점을 내보내 그 파일에 질의해 주세요.',
  },
  'auth.required': {
    status: 401,
    en: 'Sign in to do this.',
    ko: '로그인이 필요합니다.',
  },
  'auth.wrong_credentials': {
    status: 401,
    en: 'The e-mail address or the password is not right.',
    ko: '이메일 주소나 비밀번호가 맞지 않습니다.',
  },
  'auth.session_expired': {
    status: 401,
    en: 'Your session has ended. Sign in again.',
    ko: '세션이 끝났습니다. 다시 로그인해 주세요.',
  },
  'auth.session_reused': {
    status: 401,
    en: 'This session was used from two places, so it was ended for safety. Sign in again.',
    ko: '같은 세션이 두 곳에서 쓰여 안전을 위해 종료했습니다. 다시 로그인해 주세요.',
  },
  'auth.forbidden': {
    status: 403,
    en: 'Your account may not do this.',
    ko: '이 계정에는 권한이 없습니다.',
  },
  'auth.no_project': {
    status: 403,
    en: 'This token stands for no project. Make a token for programs on the settings page or by `npm run token`.',
    ko: '이 토큰에는 프로젝트가 없습니다. 설정 페이지나 `npm run token`으로 프로그램용 토큰을 만들어 주세요.',
  },
  'auth.bad_origin': {
    status: 403,
    en: 'This request came from another site and was refused.',
    ko: '다른 사이트에서 온 요청이라 거부했습니다.',
  },
  'auth.registration_closed': {
    status: 403,
    en: 'This Mallo already has its owner. Sign in instead.',
    ko: '이 Mallo에는 이미 소유자가 있습니다. 로그인해 주세요.',
  },
  'project.not_found': {
    status: 404,
    en: 'There is no such project, or it is not yours.',
    ko: '그런 프로젝트가 없거나 내 프로젝트가 아닙니다.',
  },
  'project.name_taken': {
    status: 409,
    en: 'You already have a project named “{name}”. Choose another name.',
    ko: '“{name}” 프로젝트가 이미 있습니다. 다른 이름을 골라 주세요.',
  },
  'experiment.not_found': {
    status: 404,
    en: 'There is no such experiment in this project, or it is deleted.',
    ko: '이 프로젝트에 그런 실험이 없거나 삭제되었습니다.',
  },
  'conversation.not_found': {
    status: 404,
    en: 'There is no such conversation.',
    ko: '그런 대화가 없습니다.',
  },
  'conversation.message_too_long': {
    status: 413,
    en: 'The message is {length} characters long; at most {limit} can be read. Shorten it.',
    ko: '메시지가 {length}자입니다. {limit}자까지 읽을 수 있으니 줄여 주세요.',
  },
  'parser.engine_unavailable': {
    status: 503,
    en: 'The engine “{engine}” is not set up here, or does not answer now. Use the engine “rules”, which needs no key.',
    ko: '“{engine}” 엔진이 설정되어 있지 않거나 지금 응답하지 않습니다. 키가 필요 없는 “rules” 엔진을 써 주세요.',
  },
  'dataset.not_found': {
    status: 404,
    en: 'There is no such dataset.',
    ko: '그런 데이터셋이 없습니다.',
  },
  'dataset.name_taken': {
    status: 409,
    en: 'This project already has a dataset named “{name}”. Choose another name.',
    ko: '“{name}” 데이터셋이 이미 있습니다. 다른 이름을 골라 주세요.',
  },
  'dataset.in_use': {
    status: 409,
    en: 'A training is using this dataset. Wait until it ends, or cancel it.',
    ko: '학습이 이 데이터셋을 쓰고 있습니다. 끝나기를 기다리거나 취소해 주세요.',
  },
  'dataset.not_a_zip': {
    status: 400,
    en: 'This file is not a zip archive, or it is damaged. Make a zip with one folder for each class and upload it again.',
    ko: '이 파일은 zip 압축 파일이 아니거나 손상되었습니다. 클래스마다 폴더 하나씩 넣은 zip을 만들어 다시 올려 주세요.',
  },
  'dataset.encrypted': {
    status: 400,
    en: 'This zip is protected by a password. Make one without a password.',
    ko: '암호가 걸린 zip입니다. 암호 없이 다시 만들어 주세요.',
  },
  'dataset.zip_bomb': {
    status: 400,
    en: 'Unpacked, this zip would take {size}, more than the limit of {limit}. Nothing was kept.',
    ko: '압축을 풀면 {size}로, 제한 {limit}보다 큽니다. 아무것도 저장하지 않았습니다.',
  },
  'dataset.unsafe_path': {
    status: 400,
    en: 'The zip holds a file that points outside its folder: “{path}”. Nothing was unpacked.',
    ko: '폴더 밖을 가리키는 파일이 zip에 있습니다: “{path}”. 아무것도 풀지 않았습니다.',
  },
  'dataset.special_file': {
    status: 400,
    en: 'The zip holds “{path}”, which is no file but a link or a device. Put the file itself in its place. Nothing was unpacked.',
    ko: 'zip의 “{path}”은(는) 파일이 아니라 링크나 장치입니다. 그 자리에 파일 자체를 넣어 주세요. 아무것도 풀지 않았습니다.',
  },
  'dataset.unnamed_file': {
    status: 400,
    en: 'The zip holds a file without a name. Make the zip again from files that have names. Nothing was unpacked.',
    ko: 'zip에 이름이 없는 파일이 있습니다. 이름이 있는 파일로 zip을 다시 만들어 주세요. 아무것도 풀지 않았습니다.',
  },
  'dataset.too_many_files': {
    status: 400,
    en: 'The zip holds {count} files; at most {limit} can be taken.',
    ko: 'zip에 파일이 {count}개 있습니다. {limit}개까지 받을 수 있습니다.',
  },
  'dataset.no_images': {
    status: 400,
    en: 'No images were found. Put the images of each class in a folder named after it, and zip the folders.',
    ko: '이미지를 찾지 못했습니다. 클래스 이름의 폴더마다 이미지를 넣고 폴더들을 압축해 주세요.',
  },
  'dataset.one_class': {
    status: 400,
    en: 'Only one class has images (“{name}”). A classifier needs at least two; add a folder for another class.',
    ko: '이미지가 있는 클래스가 하나뿐입니다(“{name}”). 분류에는 둘 이상이 필요하니 다른 클래스의 폴더를 추가해 주세요.',
  },
  'dataset.file_missing': {
    status: 409,
    en: 'A file of this dataset is missing or was changed on the disk: “{path}”. Upload the dataset again.',
    ko: '이 데이터셋의 파일이 디스크에서 없어졌거나 바뀌었습니다: “{path}”. 데이터셋을 다시 올려 주세요.',
  },
  'config.not_found': {
    status: 404,
    en: 'There is no such training config.',
    ko: '그런 학습 설정이 없습니다.',
  },
  'config.already_started': {
    status: 409,
    en: 'This config was started already and cannot be changed. Ask for a new one in the chat.',
    ko: '이미 시작한 설정이라 바꿀 수 없습니다. 채팅에서 새로 요청해 주세요.',
  },
  'config.nothing_to_undo': {
    status: 409,
    en: 'This config was not changed, so there is nothing to take back.',
    ko: '이 설정은 바꾼 적이 없어 되돌릴 것이 없습니다.',
  },
  'config.invalid': {
    status: 400,
    en: '{field} cannot be {value}: {problem}.',
    ko: '{field} 값으로 {value}은(는) 쓸 수 없습니다: {problem}.',
  },
  'config.warmup_too_long': {
    status: 400,
    en: 'Warm-up takes {warmup} epochs of {epochs}. Make it shorter than the training.',
    ko: '전체 {epochs} 에폭 중 워밍업이 {warmup} 에폭입니다. 학습보다 짧게 해 주세요.',
  },
  'config.image_size_unsupported': {
    status: 400,
    en: '“{model}” cannot read images of {size} pixels. Set the image size to {usable}.',
    ko: '“{model}” 모델은 {size}픽셀 이미지를 읽을 수 없습니다. 이미지 크기를 {usable}(으)로 바꿔 주세요.',
  },
  'config.batch_too_large': {
    status: 400,
    en: 'The batch size of {batch} is larger than the {images} training images. Use {usable} or less.',
    ko: '배치 크기 {batch}이(가) 학습 이미지 {images}장보다 큽니다. {usable} 이하로 줄여 주세요.',
  },
  'config.too_large': {
    status: 400,
    en: 'This training needs about {needed} of memory, and this machine has {available}. Use a smaller batch size, image size or model.',
    ko: '이 학습에는 메모리가 약 {needed} 필요한데 이 컴퓨터에는 {available}뿐입니다. 배치 크기, 이미지 크기나 모델을 줄여 주세요.',
  },
  'run.not_found': {
    status: 404,
    en: 'There is no such run.',
    ko: '그런 실행이 없습니다.',
  },
  'run.writer_elsewhere': {
    status: 409,
    en: 'Of this writer everything up to {position} is stored. Send what follows, with `from` {position}.',
    ko: '이 쓰는 쪽의 것은 {position}까지 저장되어 있습니다. `from`을 {position}(으)로 해서 그다음부터 보내 주세요.',
  },
  'run.artifact_not_found': {
    status: 404,
    en: 'This run has no file “{path}”, or no longer. Reload the page to see what it has.',
    ko: '이 실행에 “{path}” 파일이 없거나 더 이상 없습니다. 새로고침해서 지금 있는 파일을 확인해 주세요.',
  },
  'import.in_other_project': {
    status: 409,
    en: '{id} is in another project of this Mallo already, and can be in one only. Import into that project, or leave it there.',
    ko: '{id}은(는) 이 Mallo의 다른 프로젝트에 이미 있고, 한 프로젝트에만 있을 수 있습니다. 그 프로젝트로 가져오거나 그대로 두세요.',
  },
  'run.no_files': {
    status: 409,
    en: 'The run “{name}” has left no files that a model could be made of.',
    ko: '“{name}” 실행이 남긴 파일이 없어 모델을 만들 수 없습니다.',
  },
  'run.finished': {
    status: 409,
    en: 'This run has ended already.',
    ko: '이미 끝난 실행입니다.',
  },
  'training.python_missing': {
    status: 503,
    en: 'The Python environment for training is not there. Start Mallo again with a network; it repairs itself.',
    ko: '학습용 Python 환경이 없습니다. 네트워크가 있는 상태에서 Mallo를 다시 시작하면 스스로 고칩니다.',
  },
  'training.out_of_memory': {
    status: 507,
    en: 'The training ran out of memory. Use a smaller batch size, image size or model.',
    ko: '학습 중 메모리가 부족했습니다. 배치 크기, 이미지 크기나 모델을 줄여 주세요.',
  },
  'training.diverged': {
    status: 500,
    en: 'The loss stopped being a number. Lower the learning rate, or add warm-up epochs, and train again.',
    ko: '손실값이 발산했습니다. 학습률을 낮추거나 워밍업 에폭을 더해 다시 학습해 주세요.',
  },
  'training.failed': {
    status: 500,
    en: 'The training stopped with an error: “{problem}”. The log has the details.',
    ko: '학습이 오류로 멈췄습니다: “{problem}”. 자세한 내용은 로그에 있습니다.',
  },
  'training.stuck': {
    status: 504,
    en: 'The training gave no sign of life for {minutes} minutes and could not be brought back.',
    ko: '학습이 {minutes}분 동안 아무 신호가 없었고 다시 살리지 못했습니다.',
  },
  'training.timeout': {
    status: 504,
    en: 'The step “{step}” took longer than {minutes} minutes and was given up.',
    ko: '“{step}” 단계가 {minutes}분을 넘겨 중단했습니다.',
  },
  'sample.failed': {
    status: 500,
    en: 'The sample dataset could not be made: “{problem}”.',
    ko: '샘플 데이터셋을 만들지 못했습니다: “{problem}”.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** A text in both languages. */
export type LocalText = Record<Locale, string>;

/** What another program says, or a library: in its own words, marked as such. */
export function quoted(error: unknown): string {
  return `“${error instanceof Error ? error.message : String(error)}”`;
}

/** What a sentence is filled with; a reason is in the language of the sentence. */
export type ErrorParams = Record<string, string | number | LocalText>;

/** A text with its `{name}`s filled in; one without a value stays as it is. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A name or path that somebody gave is said again, but a long one not whole. What is wrong, in words, may be longer. */
const SHOWN_CHARACTERS = 200;
const SHOWN_PROBLEM_CHARACTERS = 1000;

function shortened(name: string, value: string | number): string | number {
  const most = name === 'problem' ? SHOWN_PROBLEM_CHARACTERS : SHOWN_CHARACTERS;
  if (typeof value === 'number' || value.length <= most) return value;
  // How it begins says what it is, how it ends which one.
  const half = Math.floor((most - 1) / 2);
  return `${value.slice(0, half).toWellFormed()}…${value.slice(-half).toWellFormed()}`;
}

/** Parameters of an error as they are told in one language. */
function told(locale: Locale, params: ErrorParams): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      return [name, shortened(name, typeof value === 'object' ? value[locale] : value)];
    }),
  );
}

/** The sentence of an error in both languages, its parameters filled in. */
export function errorMessage(code: ErrorCode, params: ErrorParams = {}): LocalText {
  return { en: filled(ERRORS[code].en, told('en', params)), ko: filled(ERRORS[code].ko, told('ko', params)) };
}

/** An error kept or shown as data: in a run's record, a chat message, an HTTP answer. */
export const Problem = z.strictObject({
  code: ErrorCode,
  message: z.strictObject({ ko: z.string(), en: z.string() }),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The body of every HTTP error answer. */
export const ErrorBody = z.strictObject({
  error: Problem.extend({ traceId: z.string() }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** An expected failure, thrown anywhere and turned into HTTP, chat or terminal text in one place each. */
export class MalloError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly params: ErrorParams = {},
    options?: ErrorOptions,
  ) {
    super(errorMessage(code, params).en, options);
    this.name = 'MalloError';
    this.status = ERRORS[code].status;
  }

  toProblem(): Problem {
    return { code: this.code, message: errorMessage(this.code, this.params), params: told('en', this.params) };
  }
}

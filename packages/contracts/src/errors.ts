import { z } from 'zod';

/** The two languages in which everything a person reads is written. */
export const Locale = z.enum(['ko', 'en']);
export type Locale = z.infer<typeof Locale>;

type ErrorEntry = { status: number; en: string; ko: string };

/**
 * Every error a person or a program can be shown: its code, HTTP status, and what happened and what to do,
 * in both languages. `{name}` is replaced by the parameter of that name.
 */
export const ERRORS = {
  'request.invalid': {
    status: 400,
    en: 'The request is not of the expected form: {problem}. Correct it and send it again.',
    ko: '요청 형식이 올바르지 않습니다: {problem}. 고쳐서 다시 보내 주세요.',
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
  'model.unknown': {
    status: 400,
    en: 'There is no model named “{name}”. The nearest are {nearest}.',
    ko: '“{name}” 모델은 없습니다. 가장 비슷한 이름은 {nearest}입니다.',
  },
  'model.not_trainable_yet': {
    status: 400,
    en: '“{name}” ({source}) cannot be trained here yet; timm classifiers can.',
    ko: '“{name}”({source})은(는) 아직 여기서 학습할 수 없습니다. timm 분류 모델을 쓸 수 있습니다.',
  },
  'model.not_found': {
    status: 404,
    en: 'There is no such model or version.',
    ko: '그런 모델이나 버전이 없습니다.',
  },
  'model.version_deleted': {
    status: 409,
    en: 'Version {version} was deleted, so no alias can point to it. Restore it first.',
    ko: '{version} 버전은 삭제되어 별칭이 가리킬 수 없습니다. 먼저 복원해 주세요.',
  },
  'model.version_aliased': {
    status: 409,
    en: 'Version {version} is @{aliases}. Move or remove the alias first; then it can be deleted.',
    ko: '{version} 버전은 @{aliases}입니다. 별칭을 옮기거나 뗀 뒤에 삭제할 수 있습니다.',
  },
  'model.ambiguous': {
    status: 409,
    en: 'More than one project has a model named “{name}”: {projects}. Say which with “project”.',
    ko: '“{name}” 모델이 여러 프로젝트에 있습니다: {projects}. “project”로 하나를 지정해 주세요.',
  },
  'model.alias_unset': {
    status: 409,
    en: '“{name}” has no @{alias} yet, so there is nothing to move. Name a version to promote.',
    ko: '“{name}”에는 아직 @{alias}이(가) 없어 바꿀 것이 없습니다. 승격할 버전을 지정해 주세요.',
  },
  'model.artifact_missing': {
    status: 409,
    en: 'The file “{path}” of this version is missing or was altered, so it is not served.',
    ko: '이 버전의 “{path}” 파일이 없거나 바뀌어서 제공하지 않습니다.',
  },
  'model.broken': {
    status: 422,
    en: 'The ONNX file of this version cannot be run: {problem}. Export or train the model again.',
    ko: '이 버전의 ONNX 파일을 실행할 수 없습니다: {problem}. 모델을 다시 내보내거나 학습해 주세요.',
  },
  'upload.not_found': {
    status: 404,
    en: 'There is no such upload; it may have expired. Upload the file again.',
    ko: '그런 업로드가 없습니다. 기한이 지났을 수 있으니 파일을 다시 올려 주세요.',
  },
  'upload.unfinished': {
    status: 409,
    en: 'Of “{name}” only {received} of {size} have arrived. Let the upload go on to its end first.',
    ko: '“{name}” 파일이 {size} 중 {received}만 올라왔습니다. 업로드를 끝까지 마친 뒤에 등록해 주세요.',
  },
  'model.task_differs': {
    status: 409,
    en: '“{name}” is a model for another task ({task}). Choose another name.',
    ko: '“{name}”은(는) 다른 작업({task})의 모델입니다. 다른 이름을 골라 주세요.',
  },
  'model.file_empty': {
    status: 400,
    en: '“{file}” is empty. Choose the file with the weights and upload it again.',
    ko: '“{file}” 파일이 비어 있습니다. 가중치가 든 파일을 골라 다시 올려 주세요.',
  },
  'model.file_unsupported': {
    status: 400,
    en: '“{file}” is not a model file that can be registered. Take .onnx, .safetensors, .pt, .pth, .torchscript, or a zip of such files.',
    ko: '“{file}”은(는) 등록할 수 있는 모델 파일이 아닙니다. .onnx, .safetensors, .pt, .pth, .torchscript 파일이나 이런 파일을 묶은 zip을 올려 주세요.',
  },
  'model.file_mismatch': {
    status: 400,
    en: 'What “{file}” holds is not what its extension says ({expected}). Check that it is the right file, and that it was exported in that format.',
    ko: '“{file}” 파일의 내용이 확장자({expected})와 다릅니다. 맞는 파일인지, 그 형식으로 내보낸 것인지 확인해 주세요.',
  },
  'model.file_damaged': {
    status: 400,
    en: '“{file}” is damaged or was cut off ({detail}). Export or download it again, and upload it again.',
    ko: '“{file}” 파일이 손상되었거나 중간에 잘렸습니다({detail}). 다시 내보내거나 내려받아 올려 주세요.',
  },
  'model.file_names': {
    status: 400,
    en: 'Two of the files are named “{file}”. Give each file of a version a name of its own.',
    ko: '“{file}” 이름의 파일이 둘입니다. 한 버전의 파일은 이름이 서로 달라야 합니다.',
  },
  'model.external_data': {
    status: 400,
    en: '“{file}” keeps weights in “{path}”, which is not among the files beside it. Put both into one zip, or export the model as one file.',
    ko: '“{file}”의 가중치가 “{path}”에 있는데, 함께 올린 파일 중에 없습니다. 둘을 한 zip에 넣거나 모델을 파일 하나로 내보내 주세요.',
  },
  'model.custom_operators': {
    status: 400,
    en: '“{file}” uses operators that are not part of ONNX ({operators}), so it would run nowhere else. Export it without them.',
    ko: '“{file}”이(가) ONNX에 없는 연산({operators})을 써서 다른 곳에서는 실행되지 않습니다. 이 연산 없이 내보내 주세요.',
  },
  'model.no_onnx': {
    status: 422,
    en: 'This version has no ONNX file, so it cannot be tried here. Register a version with an ONNX export of it.',
    ko: '이 버전에는 ONNX 파일이 없어 여기서 시험할 수 없습니다. ONNX로 내보낸 파일을 넣어 버전을 등록해 주세요.',
  },
  'model.classes_unknown': {
    status: 422,
    en: 'The class names of this version are not known, so its answers would have no names. Register a version with them.',
    ko: '이 버전의 클래스 이름을 몰라서 결과에 이름을 붙일 수 없습니다. 클래스 이름을 넣어 버전을 등록해 주세요.',
  },
  'model.input_unknown': {
    status: 422,
    en: 'The input shape of this version is not that of one colour image, such as 1, 3, 224, 224, so it cannot be tried on an image here. Register a version with its input shape.',
    ko: '이 버전의 입력 형태가 1, 3, 224, 224처럼 컬러 이미지 한 장의 형태가 아니어서 여기서 이미지로 시험할 수 없습니다. 입력 형태를 넣어 버전을 등록해 주세요.',
  },
  'run.not_found': {
    status: 404,
    en: 'There is no such run.',
    ko: '그런 실행이 없습니다.',
  },
  'run.finished': {
    status: 409,
    en: 'This run has ended already.',
    ko: '이미 끝난 실행입니다.',
  },
  'image.unreadable': {
    status: 400,
    en: 'This file is not an image that can be read (PNG, JPEG, WebP, GIF, BMP or TIFF).',
    ko: '읽을 수 있는 이미지(PNG, JPEG, WebP, GIF, BMP, TIFF)가 아닙니다.',
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
    en: 'The training stopped with an error: {problem}. The log has the details.',
    ko: '학습이 오류로 멈췄습니다: {problem}. 자세한 내용은 로그에 있습니다.',
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
    en: 'The sample dataset could not be made: {problem}.',
    ko: '샘플 데이터셋을 만들지 못했습니다: {problem}.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

export type ErrorParams = Record<string, string | number>;

/** A text with its `{name}`s filled in; one without a value stays as it is. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The sentence of an error in both languages, its parameters filled in. */
export function errorMessage(code: ErrorCode, params: ErrorParams = {}): Record<Locale, string> {
  return { en: filled(ERRORS[code].en, params), ko: filled(ERRORS[code].ko, params) };
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
    return { code: this.code, message: errorMessage(this.code, this.params), params: this.params };
  }
}

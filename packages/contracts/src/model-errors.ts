/** The errors of `errors.ts` that are about models: registered, uploaded, tried, converted, exported. */
export const MODEL_ERRORS = {
  'model.unknown': {
    status: 400,
    en: 'There is no model named “{name}”. The nearest are {nearest}.',
    ko: '“{name}” 모델은 없습니다. 가장 비슷한 이름은 {nearest}입니다.',
  },
  'model.not_trainable_yet': {
    status: 400,
    en: '“{name}” ({source}) cannot be trained here yet. Of about the same size, these image classifiers can: {instead}.',
    ko: '“{name}”({source})은(는) 아직 여기서 학습할 수 없습니다. 크기가 비슷한 이미지 분류 모델은 학습할 수 있습니다: {instead}.',
  },
  'zoo.name_taken': {
    status: 409,
    en: 'The zoo has a model named “{name}” already ({source}). Choose another name, or remove the one that you added.',
    ko: '모델 카탈로그에 이미 “{name}” 모델({source})이 있습니다. 다른 이름을 쓰거나, 직접 추가한 모델이면 먼저 빼 주세요.',
  },
  'zoo.code_failed': {
    status: 422,
    en: 'The file makes no model that can be trained: “{problem}”. A class or function must take num_classes and give a torch.nn.Module that reads float32 [batch, 3, {size}, {size}] and gives scores [batch, num_classes]. The file runs without network, and without other files.',
    ko: '이 파일로는 학습할 모델을 만들 수 없습니다: “{problem}”. 클래스나 함수가 num_classes를 받아 torch.nn.Module을 돌려주고, 그 모듈이 float32 [batch, 3, {size}, {size}]를 읽어 점수 [batch, num_classes]를 내야 합니다. 파일은 네트워크와 다른 파일 없이 실행됩니다.',
  },
  'zoo.entry_unclear': {
    status: 422,
    en: 'It is not clear which class or function of the file makes the model. Those that take num_classes: {names}. Name one of them.',
    ko: '파일의 어느 클래스나 함수가 모델을 만드는지 알 수 없습니다. num_classes를 받는 것: {names}. 그중 하나를 지정해 주세요.',
  },
  'zoo.code_limit': {
    status: 422,
    en: 'Looking at the model was stopped: it needed more than {limit}. Make a smaller one, or give a smaller input size.',
    ko: '모델을 살펴보는 데 {limit} 넘게 필요해 중단했습니다. 모델을 줄이거나 입력 크기를 줄여 주세요.',
  },
  'zoo.sandbox_missing': {
    status: 501,
    en: 'This system cannot shut code in (“{problem}”), so the code of a model is not run here. Linux 6.2 or newer can.',
    ko: '이 시스템에서는 코드를 격리할 수 없어(“{problem}”) 모델의 코드를 실행하지 않습니다. Linux 6.2 이상에서는 할 수 있습니다.',
  },
  'zoo.container_not_run': {
    status: 400,
    en: '“{name}” is the Docker image {image}, and Mallo starts no containers. Train it by hand with the command beside it in the zoo, and register its files.',
    ko: '“{name}”은(는) Docker 이미지 {image}이고, Mallo는 컨테이너를 실행하지 않습니다. 모델 카탈로그에 적힌 명령으로 직접 학습한 뒤 결과 파일을 등록해 주세요.',
  },
  'model.not_found': {
    status: 404,
    en: 'There is no such model or version, or it is not yours. The page of the models lists what there is.',
    ko: '그런 모델이나 버전이 없거나 내 것이 아닙니다. 있는 모델은 모델 페이지에서 볼 수 있습니다.',
  },
  'model.version_unknown': {
    status: 404,
    en: '“{name}” has no version {ref}, or it was deleted. The page of the model lists its versions.',
    ko: '“{name}” 모델에 {ref} 버전이 없거나 삭제되었습니다. 있는 버전은 그 모델의 페이지에서 볼 수 있습니다.',
  },
  'model.alias_unknown': {
    status: 404,
    en: '“{name}” has no alias @{alias}. Promote a version to it, or ask for a version or for an alias that is set.',
    ko: '“{name}” 모델에 @{alias} 별칭이 없습니다. 버전을 이 별칭으로 승격하거나, 버전 번호나 있는 별칭으로 요청해 주세요.',
  },
  'model.stage_empty': {
    status: 404,
    en: 'No version of “{name}” is in the stage {stage}. The page of the model shows which versions are in which.',
    ko: '“{name}” 모델에는 {stage} 단계인 버전이 없습니다. 버전마다의 단계는 그 모델의 페이지에서 볼 수 있습니다.',
  },
  'model.metric_unknown': {
    status: 404,
    en: 'No version of “{name}” has the figure “{metric}”, so none is best by it. The page of the model shows its figures; upper and lower case differ.',
    ko: '“{name}” 모델의 어느 버전에도 “{metric}” 지표가 없어 가장 나은 버전을 고를 수 없습니다. 있는 지표는 그 모델의 페이지에서 볼 수 있고, 대소문자를 구별합니다.',
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
  'model.version_deprecated': {
    status: 409,
    en: 'Version {version} is deprecated (“{reason}”), so no alias is set to it. Choose another version, or take the deprecation back first.',
    ko: '{version} 버전에 사용 중단 표시가 있어(“{reason}”) 별칭을 붙이지 않습니다. 다른 버전을 고르거나 사용 중단 표시를 먼저 지워 주세요.',
  },
  'model.return_deprecated': {
    status: 409,
    en: 'Version {version}, which this returns to, is deprecated (“{reason}”). Promote another version, or confirm the return and say why (a program: with “allowDeprecated” and “reason”).',
    ko: '되돌아갈 {version} 버전에 사용 중단 표시가 있습니다(“{reason}”). 다른 버전을 승격하거나, 이유를 적어 되돌리기를 확인해 주세요(프로그램은 “allowDeprecated”와 “reason”).',
  },
  'model.return_unexplained': {
    status: 400,
    en: 'Returning to a deprecated version needs a reason, which the history keeps. Say why it is used all the same.',
    ko: '사용 중단 표시가 있는 버전으로 되돌아가려면 기록에 남길 이유가 필요합니다. 그래도 쓰는 이유를 적어 주세요.',
  },
  'model.alias_unset': {
    status: 409,
    en: '“{name}” has no alias @{alias}, so there is nothing to remove. Reload to see which are set.',
    ko: '“{name}” 모델에 @{alias} 별칭이 없어 뗄 것이 없습니다. 새로고침해서 지금 있는 별칭을 확인해 주세요.',
  },
  'model.nothing_waits': {
    status: 409,
    en: '“{name}” has no @candidate that waits to be promoted. Say which version to promote.',
    ko: '“{name}” 모델에는 승격을 기다리는 @candidate가 없습니다. 승격할 버전을 지정해 주세요.',
  },
  'model.nothing_to_return_to': {
    status: 409,
    en: '“{name}” cannot be rolled back: it needs a @champion and a @rollback. Promote the version that is to be used instead.',
    ko: '“{name}” 모델은 @champion과 @rollback이 다 있어야 되돌릴 수 있습니다. 대신 쓸 버전을 승격해 주세요.',
  },
  'model.gate_failed': {
    status: 409,
    en: 'Not promoted: {metric} of {version} is {value}, and the gate of this model asks for {needed}; the @champion {champion} has {championValue}. Both were measured on {dataset}. Promote a version that passes, or change the gate.',
    ko: '승격하지 않았습니다. {version} 버전의 {metric} 값은 {value}인데, 이 모델의 관문 기준은 {needed}입니다. 지금의 @champion {champion} 버전은 {championValue}이고, 둘 다 {dataset}에서 측정했습니다. 관문을 통과하는 버전을 승격하거나 관문을 바꿔 주세요.',
  },
  'model.gate_dataset_differs': {
    status: 409,
    en: 'Not promoted: the gate of this model compares {metric} on one version of a dataset, but {version} ({value}) was measured on {dataset}, and the @champion {champion} ({championValue}) on {championDataset}. Measure both on the same, or change the gate.',
    ko: '승격하지 않았습니다. 이 모델의 관문은 같은 데이터셋 버전에서 잰 {metric} 값을 비교하는데, {version} 버전({value})은 {dataset}에서, @champion {champion} 버전({championValue})은 {championDataset}에서 측정했습니다. 같은 데이터셋 버전에서 측정하거나 관문을 바꿔 주세요.',
  },
  'model.gate_dataset_unknown': {
    status: 409,
    en: 'Not promoted: the gate of this model compares {metric} on one version of a dataset, but {unknown}. Register the version from a training, or choose the dataset version when registering its files (a name alone does not say which). Where that cannot be, take the gate off.',
    ko: '승격하지 않았습니다. 이 모델의 관문은 같은 데이터셋 버전에서 잰 {metric} 값을 비교하는데, {unknown}. 버전을 학습에서 등록하거나 파일을 등록할 때 데이터셋 버전을 골라 주세요(이름만으로는 어느 버전인지 알 수 없습니다). 그럴 수 없으면 관문을 빼 주세요.',
  },
  'model.gate_metric_missing': {
    status: 409,
    en: 'Not promoted: the gate of this model compares {metric}, which is {value} for {version} and {championValue} for the @champion {champion}; “–” means that there is none. Promote a version that has the figure, or change the gate.',
    ko: '승격하지 않았습니다. 이 모델의 관문은 {metric} 값을 비교하는데, {version} 버전은 {value}, @champion {champion} 버전은 {championValue}입니다. “–”는 값이 없다는 뜻입니다. 지표가 있는 버전을 승격하거나 관문을 바꿔 주세요.',
  },
  'registry.not_empty': {
    status: 409,
    en: 'This project has models already ({count}), and a registry is taken over as a whole. Make a new project and import it there.',
    ko: '이 프로젝트에는 이미 모델이 {count}개 있습니다. 레지스트리는 통째로만 가져올 수 있으니 새 프로젝트를 만들어 거기에 가져와 주세요.',
  },
  'registry.unreadable': {
    status: 400,
    en: 'registry.yaml cannot be read: {problem}. Correct it, or export the registry again. Nothing was imported.',
    ko: 'registry.yaml을 읽을 수 없습니다: {problem}. 고치거나 레지스트리를 다시 내보내 주세요. 아무것도 가져오지 않았습니다.',
  },
  'registry.format_unknown': {
    status: 400,
    en: 'registry.yaml is of format “{format}”, and this Mallo reads format {known}. Export it from a Mallo of this version, or upgrade this one.',
    ko: 'registry.yaml의 형식이 “{format}”인데 이 Mallo는 형식 {known}만 읽습니다. 이 버전의 Mallo에서 내보내거나 이 Mallo를 업그레이드해 주세요.',
  },
  'registry.file_missing': {
    status: 400,
    en: 'The zip has no file “{path}”. Export the registry again, or add the file. Nothing was imported.',
    ko: 'zip에 “{path}” 파일이 없습니다. 레지스트리를 다시 내보내거나 파일을 넣어 주세요. 아무것도 가져오지 않았습니다.',
  },
  'registry.file_altered': {
    status: 400,
    en: '“{path}” is not the file that registry.yaml names: its SHA-256 is {found}, not {expected}. Nothing was imported.',
    ko: '“{path}” 파일이 registry.yaml에 적힌 파일과 다릅니다. 적힌 SHA-256은 {expected}, 파일의 SHA-256은 {found}입니다. 아무것도 가져오지 않았습니다.',
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
  'upload.offset_differs': {
    status: 409,
    en: 'The part that was sent does not begin where the upload stands. Ask how much has arrived (HEAD), and send what follows.',
    ko: '보낸 부분이 지금까지 올라온 자리와 이어지지 않습니다. 얼마나 올라왔는지 확인하고(HEAD) 그다음부터 보내 주세요.',
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
    en: '“{file}” keeps weights in “{path}”, which is not among the files beside it. Put both into one folder of one zip, or export the model as one file.',
    ko: '“{file}”의 가중치가 “{path}”에 있는데, 옆에 있는 파일 중에 없습니다. 둘을 한 zip의 같은 폴더에 넣거나 모델을 파일 하나로 내보내 주세요.',
  },
  'model.external_data_outside': {
    status: 400,
    en: '“{file}” wants to read its weights from “{path}”, which is not in its own folder, so it is refused: files of the server are out of bounds. Export the model again, as one file or with its weights beside it.',
    ko: '“{file}”이(가) 제 폴더 밖의 “{path}”에서 가중치를 읽으려 해서 거부했습니다. 서버의 다른 파일은 읽을 수 없습니다. 모델을 파일 하나로, 또는 가중치를 같은 폴더에 두고 다시 내보내 주세요.',
  },
  'model.file_name_long': {
    status: 400,
    en: 'The zip holds a file whose path is longer than {limit} characters (“{path}”). Give it a shorter name.',
    ko: 'zip에 경로가 {limit}자보다 긴 파일이 있습니다(“{path}”). 이름을 줄여 주세요.',
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
  'model.name_taken': {
    status: 409,
    en: 'There is a model named “{name}” already. Choose another name.',
    ko: '“{name}” 모델이 이미 있습니다. 다른 이름을 골라 주세요.',
  },
  'model.task_unknown': {
    status: 422,
    en: 'It is not known what this model is for, so its answers cannot be read here. Register a version of it with its task.',
    ko: '이 모델이 어떤 작업을 위한 것인지 몰라서 결과를 읽을 수 없습니다. 작업을 정해 버전을 등록해 주세요.',
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
  'demo.failed': {
    status: 500,
    en: 'The demo models could not be made: “{problem}”. Try again; what is registered already is kept.',
    ko: '데모 모델을 만들지 못했습니다: “{problem}”. 다시 시도해 주세요. 이미 등록된 것은 그대로 있습니다.',
  },
  'model.onnx_there': {
    status: 409,
    en: 'This version has an ONNX file already, so there is nothing to convert.',
    ko: '이 버전에는 이미 ONNX 파일이 있어 변환할 것이 없습니다.',
  },
  'model.no_weights': {
    status: 422,
    en: 'This version has no .pth, .pt or .safetensors file with weights, so there is nothing to convert.',
    ko: '이 버전에는 가중치가 든 .pth, .pt, .safetensors 파일이 없어 변환할 것이 없습니다.',
  },
  'model.code_not_allowed': {
    status: 409,
    en: 'The architecture is a class in “{file}”. Its code runs only when you allow it; it then runs without network and cannot write outside its folder.',
    ko: '아키텍처가 “{file}” 파일의 클래스입니다. 이 코드는 허용해야만 실행되며, 실행할 때는 네트워크 없이 제 폴더에만 쓸 수 있습니다.',
  },
  'model.architecture_unknown': {
    status: 422,
    en: 'There is no architecture “{name}” to build for these weights. The nearest: {nearest}.',
    ko: '이 가중치로 만들 “{name}” 아키텍처를 찾을 수 없습니다. 가장 비슷한 이름은 {nearest}입니다.',
  },
  'model.weights_unsafe': {
    status: 422,
    en: '“{file}” would run code when opened, so it was not opened: {calls}. Save only the weights (torch.save(model.state_dict(), …)), or as .safetensors.',
    ko: '“{file}” 파일은 열면 코드를 실행하므로 열지 않았습니다: {calls}. 가중치만 저장하거나(torch.save(model.state_dict(), …)) .safetensors로 저장해 주세요.',
  },
  'model.weights_unfit': {
    status: 422,
    en: 'The weights do not fit “{architecture}”: “{problem}”. Check the name of the architecture.',
    ko: '가중치가 “{architecture}” 아키텍처와 맞지 않습니다: “{problem}”. 아키텍처 이름을 확인해 주세요.',
  },
  'model.weights_unreadable': {
    status: 422,
    en: 'The weights in “{file}” cannot be read: “{problem}”. Save the state dict of the model again.',
    ko: '“{file}”의 가중치를 읽을 수 없습니다: “{problem}”. 모델의 state dict를 다시 저장해 주세요.',
  },
  'model.code_failed': {
    status: 422,
    en: 'The code in “{file}” did not make a model: “{problem}”. The class must be a torch.nn.Module that is made without arguments.',
    ko: '“{file}”의 코드로 모델을 만들지 못했습니다: “{problem}”. 인자 없이 만들 수 있는 torch.nn.Module 클래스여야 합니다.',
  },
  'model.sandbox_missing': {
    status: 501,
    en: 'This system cannot shut code in (“{problem}”), so the code of a model is not run here. Use an architecture of timm, or register an ONNX export.',
    ko: '이 시스템에서는 코드를 격리할 수 없어(“{problem}”) 모델의 코드를 실행하지 않습니다. timm 아키텍처를 쓰거나 ONNX로 내보낸 파일을 등록해 주세요.',
  },
  'model.conversion_limit': {
    status: 422,
    en: 'The conversion was stopped: it needed more than {limit}. Export the model to ONNX yourself, and register that.',
    ko: '변환에 {limit} 넘게 필요해 중단했습니다. 직접 ONNX로 내보내 등록해 주세요.',
  },
  'model.conversion_failed': {
    status: 422,
    en: 'The model could not be converted to ONNX: “{problem}”. Export it to ONNX yourself, and register that.',
    ko: '모델을 ONNX로 변환하지 못했습니다: “{problem}”. 직접 ONNX로 내보내 등록해 주세요.',
  },
  'model.output_unknown': {
    status: 422,
    en: 'What this model answers ({outputs}) is not of a form that is known for its task, {task}, so it cannot be shown. Export it as its framework does by default, or register it for the task it is for.',
    ko: '이 모델의 출력({outputs})이 작업({task})에서 알려진 형태가 아니어서 결과를 보여 줄 수 없습니다. 프레임워크의 기본 방식으로 다시 내보내거나, 맞는 작업으로 등록해 주세요.',
  },
  'model.too_large': {
    status: 422,
    en: 'Running this model takes more memory than the {limit} set aside for trying models. Raise MALLO_INFERENCE_MEMORY_BYTES, or use a smaller model or image.',
    ko: '이 모델을 실행하려면 모델 시험용으로 정해 둔 {limit}보다 많은 메모리가 필요합니다. MALLO_INFERENCE_MEMORY_BYTES를 늘리거나 더 작은 모델이나 이미지를 써 주세요.',
  },
  'model.timeout': {
    status: 504,
    en: 'The model gave no answer within {seconds} seconds and was stopped. Use a smaller model or image.',
    ko: '모델이 {seconds}초 안에 답하지 않아 중단했습니다. 더 작은 모델이나 이미지를 써 주세요.',
  },
  'model.layers_unknown': {
    status: 422,
    en: 'The layers can be read from an ONNX or a safetensors file, and this version has neither. Register a version with one of them.',
    ko: '레이어는 ONNX나 safetensors 파일에서 읽을 수 있는데, 이 버전에는 둘 다 없습니다. 둘 중 하나를 넣어 버전을 등록해 주세요.',
  },
  'image.unreadable': {
    status: 400,
    en: 'This file is not an image that can be read (PNG, JPEG, WebP, GIF, BMP or TIFF).',
    ko: '읽을 수 있는 이미지(PNG, JPEG, WebP, GIF, BMP, TIFF)가 아닙니다.',
  },
} as const;

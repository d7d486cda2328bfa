import { type GlossaryEntry, googlePage as google } from './entry.js';

const REGISTRY = { url: 'https://mlflow.org/docs/latest/ml/model-registry/', title: 'MLflow: Model Registry' };

/** Words about models and what becomes of them. */
export const MODEL_WORDS: readonly GlossaryEntry[] = [
  {
    term: 'pretrained weights',
    ko: '사전학습 가중치',
    aliases: ['사전학습', '사전 훈련', '프리트레인', 'pretrained', 'pre-trained', 'pretraining', '사전 학습 모델'],
    meaning: {
      ko: '사전학습 가중치는 큰 데이터로 미리 배워 둔 가중치예요. 여기서 시작하면 이미지가 적어도 빨리, 더 정확하게 배워요.',
      en: 'Pretrained weights were learned on a large dataset before. Beginning from them needs fewer images and less time, and ends up more accurate.',
    },
    page: google('pre-trained-model', 'pre-trained model'),
    setting: 'pretrained',
  },
  {
    term: 'transfer learning',
    ko: '전이 학습',
    aliases: ['트랜스퍼 러닝', '전이학습'],
    meaning: {
      ko: '전이 학습은 다른 일에서 배운 것을 새 일에 옮겨 쓰는 것이에요. 사전학습 가중치에서 시작하는 것이 가장 흔한 방법이에요.',
      en: 'Transfer learning carries what was learned for one task over to another; beginning from pretrained weights is the usual way.',
    },
    page: google('transfer-learning', 'transfer learning'),
  },
  {
    term: 'fine-tuning',
    ko: '미세 조정',
    aliases: ['파인튜닝', '파인 튜닝', 'fine tuning', 'finetuning', 'finetune', 'fine-tune'],
    meaning: {
      ko: '미세 조정은 사전학습 가중치를 내 데이터에 맞게 조금 더 학습하는 것이에요. 배워 둔 것을 잃지 않도록 학습률을 낮게 써요.',
      en: 'Fine-tuning trains pretrained weights a little further on your own data, at a low learning rate so that what they know is not lost.',
    },
    page: google('fine-tuning', 'fine-tuning'),
  },
  {
    term: 'frozen backbone',
    ko: '백본 고정',
    aliases: [
      '백본',
      'backbone',
      'freeze',
      '백본 동결',
      'freeze backbone',
      '레이어 고정',
      'freezing the backbone',
      'frozen',
    ],
    meaning: {
      ko: '백본은 이미지에서 특징을 뽑는 모델의 몸통이고, 고정하면 마지막 층만 배워요. 이미지가 아주 적을 때는 좋지만, 많으면 푸는 편이 더 정확해요.',
      en: 'The backbone is the body of a model that finds features; frozen, only the last layer learns. That suits very few images; with more, unfreezing is more accurate.',
    },
    page: {
      url: 'https://docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html',
      title: 'PyTorch: Transfer Learning for Computer Vision',
    },
    setting: 'freezeBackbone',
  },
  {
    term: 'inference',
    ko: '추론',
    aliases: ['인퍼런스', 'prediction', '예측'],
    meaning: {
      ko: '추론은 다 배운 모델에 새 이미지를 넣어 답을 얻는 것이에요. 모델 페이지에서 사진을 올려 바로 해 볼 수 있어요.',
      en: 'Inference is asking a trained model about a new image. You can try it on the page of a model.',
    },
    page: google('inference', 'inference'),
  },
  {
    term: 'ONNX',
    ko: '오닉스',
    aliases: ['onnx', 'onnx 파일'],
    meaning: {
      ko: 'ONNX는 모델을 담는 공개 파일 형식이에요. PyTorch 없이도 서버, 휴대폰, 엣지 기기에서 모델을 실행할 수 있어요.',
      en: 'ONNX is an open file format for models: with it a model runs on servers, phones and edge devices without PyTorch.',
    },
    page: { url: 'https://onnx.ai/', title: 'ONNX' },
  },
  {
    term: 'quantization',
    ko: '양자화',
    aliases: ['퀀타이제이션', 'quantize', 'int8', '퀀타이즈'],
    meaning: {
      ko: '양자화는 가중치를 더 적은 비트로 저장하는 것이에요. 파일이 작아지고 빨라지지만 정확도가 조금 떨어질 수 있어 다시 재 봐야 해요.',
      en: 'Quantization stores the weights in fewer bits. The file becomes smaller and faster, at some loss of accuracy, which has to be measured again.',
    },
    page: google('quantization', 'quantization'),
  },
  {
    term: 'edge',
    ko: '엣지',
    aliases: ['엣지 기기', 'edge device', 'edge devices', '에지'],
    meaning: {
      ko: '엣지는 카메라나 휴대폰처럼 현장에 있는 작은 기기를 말해요. 메모리와 전력이 적어서 작은 모델이 어울려요.',
      en: 'The edge is small devices on the spot, such as cameras and phones. They have little memory and power, so small models suit them.',
    },
    page: { url: 'https://onnxruntime.ai/docs/tutorials/mobile/', title: 'ONNX Runtime: on-device inference' },
  },
  {
    term: 'run',
    ko: '실행',
    aliases: ['runs', '런'],
    meaning: {
      ko: '실행은 설정 하나로 한 번 학습한 기록이에요. 설정, 곡선, 로그, 결과가 모두 남아서 나중에 비교할 수 있어요.',
      en: 'A run is the record of one training with one config: its settings, curves, log and result, kept for comparison.',
    },
    page: { url: 'https://mlflow.org/docs/latest/ml/tracking/', title: 'MLflow: Tracking' },
  },
  {
    term: 'model version',
    ko: '모델 버전',
    aliases: ['버전', 'version', 'versions', '모델 레지스트리', 'model registry'],
    meaning: {
      ko: '모델 버전은 학습 한 번이 남긴 모델이에요. 한번 만들어지면 바뀌지 않고, 어떤 데이터와 설정으로 만들었는지가 함께 남아요.',
      en: 'A model version is what one training left. It never changes, and keeps which data and settings made it.',
    },
    page: REGISTRY,
  },
  {
    term: 'alias',
    ko: '별칭',
    aliases: ['champion', '챔피언', 'candidate', 'aliases', '에일리어스'],
    meaning: {
      ko: '별칭은 @champion처럼 모델 버전 하나를 가리키는 이름이에요. 가리키는 버전을 바꾸면 쓰는 쪽은 고치지 않아도 새 모델을 써요.',
      en: 'An alias, such as @champion, is a name that points to one model version. Point it to another and whoever uses the name gets the new model.',
    },
    page: REGISTRY,
  },
];

import { type GlossaryEntry, googlePage as google } from './entry.js';

/** Words about how a training goes. */
export const TRAINING_WORDS: readonly GlossaryEntry[] = [
  {
    term: 'epoch',
    ko: '에폭',
    aliases: ['에포크', '에폭스', 'epochs'],
    meaning: {
      ko: '에폭은 모든 학습 이미지를 한 번씩 다 보는 한 바퀴예요. 너무 적으면 덜 배우고, 너무 많으면 학습 이미지를 외우기 시작해요.',
      en: 'An epoch is one pass over all training images. Too few and little is learned; too many and the images are learned by heart.',
    },
    page: google('epoch', 'epoch'),
    setting: 'epochs',
  },
  {
    term: 'batch size',
    ko: '배치 크기',
    aliases: ['배치', '배치 사이즈', 'batch'],
    meaning: {
      ko: '배치 크기는 가중치를 한 번 고칠 때 함께 보는 이미지 수예요. 크면 빠르고 안정적이지만 메모리를 많이 쓰고, 보통 학습률도 함께 키워요.',
      en: 'The batch size is how many images are looked at together before the weights change once. A larger one is faster and steadier but needs memory, and usually a higher learning rate.',
    },
    page: google('batch-size', 'batch size'),
    setting: 'batchSize',
  },
  {
    term: 'learning rate',
    ko: '학습률',
    aliases: ['러닝 레이트', '러닝레이트', 'lr', '학습 속도'],
    meaning: {
      ko: '학습률은 가중치를 한 번에 얼마나 크게 고칠지 정하는 값이에요. 너무 크면 손실이 튀거나 발산하고, 너무 작으면 거의 배우지 못해요.',
      en: 'The learning rate sets how far the weights move at each step. Too high and the loss jumps about or diverges; too low and hardly anything is learned.',
    },
    page: google('learning-rate', 'learning rate'),
    setting: 'learningRate',
  },
  {
    term: 'loss',
    ko: '손실',
    aliases: ['로스', '손실값', '손실 함수', 'loss function', 'cross entropy', '크로스 엔트로피', '교차 엔트로피'],
    meaning: {
      ko: '손실은 예측이 정답에서 얼마나 벗어났는지를 나타내는 값으로, 학습은 이 값을 줄이는 일이에요. 학습 손실은 주는데 검증 손실이 늘면 과적합이에요.',
      en: 'The loss says how far predictions are from the truth; training is making it smaller. When the training loss falls but the validation loss rises, the model overfits.',
    },
    page: google('loss', 'loss'),
  },
  {
    term: 'overfitting',
    ko: '과적합',
    aliases: ['오버피팅', '과대적합', 'overfit', 'overfits'],
    meaning: {
      ko: '과적합은 학습 이미지는 외웠지만 처음 보는 이미지는 잘 맞히지 못하는 상태예요. 이미지를 늘리거나 데이터 증강, 사전학습 가중치를 쓰면 줄어요.',
      en: 'A model that overfits knows its training images by heart but is wrong on new ones. More images, augmentation or pretrained weights help.',
    },
    page: google('overfitting', 'overfitting'),
  },
  {
    term: 'underfitting',
    ko: '과소적합',
    aliases: ['언더피팅', 'underfit', 'underfits'],
    meaning: {
      ko: '과소적합은 학습 이미지조차 제대로 맞히지 못하는 상태예요. 더 오래 학습하거나 더 큰 모델을 쓰고, 증강이 너무 강하면 줄여 보세요.',
      en: 'A model that underfits is wrong even on its training images. Train longer, take a larger model, or weaken a heavy augmentation.',
    },
    page: google('underfitting', 'underfitting'),
  },
  {
    term: 'optimizer',
    ko: '옵티마이저',
    aliases: ['최적화기', 'adam', 'adamw', 'sgd', 'rmsprop', '아담'],
    meaning: {
      ko: '옵티마이저는 손실을 줄이도록 가중치를 고치는 방법이에요. AdamW는 학습률에 덜 민감해 시작하기 좋고, SGD는 잘 맞추면 더 나은 결과를 내기도 해요.',
      en: 'The optimizer is the way in which weights are changed to lower the loss. AdamW forgives a badly chosen learning rate; SGD, well tuned, can end up better.',
    },
    page: { url: 'https://docs.pytorch.org/docs/stable/optim.html', title: 'PyTorch: torch.optim' },
    setting: 'optimizer',
  },
  {
    term: 'scheduler',
    ko: '스케줄러',
    aliases: [
      '학습률 스케줄러',
      '학습률 스케줄',
      'learning rate schedule',
      'learning rate scheduler',
      'lr scheduler',
      'cosine',
      '코사인',
      'cosine schedule',
      'step schedule',
      'linear schedule',
      'plateau schedule',
    ],
    meaning: {
      ko: '스케줄러는 학습하는 동안 학습률을 어떻게 바꿀지 정해요. cosine은 끝으로 갈수록 부드럽게 낮춰서 마지막에 잘 다듬어져요.',
      en: 'The scheduler changes the learning rate during a training. Cosine lowers it smoothly towards the end, which lets the model settle.',
    },
    page: {
      url: 'https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
      title: 'PyTorch: how to adjust the learning rate',
    },
    setting: 'scheduler',
  },
  {
    term: 'warm-up',
    ko: '워밍업',
    aliases: ['웜업', 'warmup', 'warm up'],
    meaning: {
      ko: '워밍업은 처음 몇 에폭 동안 학습률을 낮게 시작해 천천히 올리는 것이에요. 아무것도 모르는 초반에 크게 튀는 것을 막아 줘요.',
      en: 'Warm-up begins with a low learning rate and raises it over the first epochs, so that the first steps, taken knowing nothing, do no harm.',
    },
    page: { url: 'https://arxiv.org/abs/1706.02677', title: 'Goyal et al. 2017, Accurate, Large Minibatch SGD' },
    setting: 'warmupEpochs',
  },
  {
    term: 'weight decay',
    ko: '가중치 감쇠',
    aliases: ['웨이트 디케이', '가중치 감소'],
    meaning: {
      ko: '가중치 감쇠는 가중치가 너무 커지지 않도록 조금씩 줄이는 것으로, 과적합을 줄여요.',
      en: 'Weight decay pulls the weights a little towards zero at each step, which reduces overfitting.',
    },
    page: { url: 'https://arxiv.org/abs/1711.05101', title: 'Loshchilov & Hutter 2019, Decoupled Weight Decay' },
    setting: 'weightDecay',
  },
  {
    term: 'momentum',
    ko: '모멘텀',
    aliases: ['관성'],
    meaning: {
      ko: '모멘텀은 지금까지 움직이던 방향을 이어 가게 하는 값이에요. 배치마다 흔들리는 방향을 고르게 해 더 빨리 내려가요.',
      en: 'Momentum keeps the weights moving in the direction they had, which evens out the noise of single batches.',
    },
    page: google('momentum', 'momentum'),
    setting: 'momentum',
  },
  {
    term: 'dropout',
    ko: '드롭아웃',
    aliases: ['드랍아웃'],
    meaning: {
      ko: '드롭아웃은 학습할 때 뉴런 일부를 무작위로 끄는 것이에요. 한두 가지 특징에만 기대지 않게 해 과적합을 줄여요.',
      en: 'Dropout switches off random neurons while training, so that the model does not lean on a few of them; it reduces overfitting.',
    },
    page: google('dropout-regularization', 'dropout regularization'),
    setting: 'dropout',
  },
  {
    term: 'label smoothing',
    ko: '라벨 스무딩',
    aliases: ['레이블 스무딩'],
    meaning: {
      ko: '라벨 스무딩은 정답을 완전히 확신하지 않게 조금 눅여서 학습하는 것이에요. 틀린 라벨이 섞여 있을 때 덜 흔들려요.',
      en: 'Label smoothing trains towards a little less than full certainty, which makes wrong labels hurt less.',
    },
    page: {
      url: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
      title: 'PyTorch: CrossEntropyLoss, label_smoothing',
    },
    setting: 'labelSmoothing',
  },
  {
    term: 'early stopping',
    ko: '조기 종료',
    aliases: ['얼리 스토핑', '얼리스탑', '조기종료', 'patience'],
    meaning: {
      ko: '조기 종료는 검증 결과가 한동안 나아지지 않으면 학습을 일찍 끝내는 것이에요. 시간을 아끼고, 과적합되기 전의 모델을 남겨요.',
      en: 'Early stopping ends a training once its validation has not improved for a while; it saves time and keeps the model from before it overfits.',
    },
    page: google('early-stopping', 'early stopping'),
    setting: 'earlyStoppingPatience',
  },
  {
    term: 'hyperparameter',
    ko: '하이퍼파라미터',
    aliases: ['초매개변수', 'hyperparameters', '하이퍼 파라미터'],
    meaning: {
      ko: '하이퍼파라미터는 학습률이나 배치 크기처럼 학습 전에 사람이 정하는 값이에요. 모델이 스스로 배우는 가중치와는 달라요.',
      en: 'Hyperparameters, such as the learning rate, are set by a person before a training; the weights are what the model learns by itself.',
    },
    page: google('hyperparameter', 'hyperparameter'),
  },
  {
    term: 'seed',
    ko: '시드',
    aliases: ['랜덤 시드', 'random seed', '난수 시드'],
    meaning: {
      ko: '시드는 무작위 선택의 시작값이에요. 같은 시드와 설정으로 학습하면 같은 결과가 나와서, 설정의 효과만 비교할 수 있어요.',
      en: 'The seed is where random choices begin. With the same seed and settings a training repeats itself, so that the effect of one setting can be told.',
    },
    page: {
      url: 'https://docs.pytorch.org/docs/stable/notes/randomness.html',
      title: 'PyTorch: Reproducibility',
    },
    setting: 'seed',
  },
  {
    term: 'mixed precision',
    ko: '혼합 정밀도',
    aliases: ['amp', 'fp16', 'bf16', 'fp32', '반정밀도', 'half precision', 'bfloat16'],
    meaning: {
      ko: '혼합 정밀도는 계산 일부를 16비트로 하는 것이에요. GPU에서는 메모리를 덜 쓰고 더 빠르고, 정확도는 거의 그대로예요.',
      en: 'Mixed precision computes partly in 16 bits: on a GPU it needs less memory and time, at almost the same accuracy.',
    },
    page: { url: 'https://docs.pytorch.org/docs/stable/amp.html', title: 'PyTorch: torch.amp' },
    setting: 'precision',
  },
  {
    term: 'checkpoint',
    ko: '체크포인트',
    aliases: ['첵포인트', 'checkpoints'],
    meaning: {
      ko: '체크포인트는 학습 도중의 가중치를 저장한 파일이에요. 중단되면 여기서 이어 가고, 가장 좋았던 것이 최종 모델이 돼요.',
      en: 'A checkpoint is a file of the weights during a training. An interrupted training goes on from it, and the best one becomes the model.',
    },
    page: google('checkpoint', 'checkpoint'),
  },
];

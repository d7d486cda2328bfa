import { type GlossaryEntry, googlePage as google } from './entry.js';

/** Words about what goes on inside a model. */
export const THEORY_WORDS: readonly GlossaryEntry[] = [
  {
    term: 'parameters',
    ko: '파라미터',
    aliases: ['매개변수', 'parameter', '파라미터 수', 'parameter count', '가중치', 'weights'],
    meaning: {
      ko: '파라미터는 모델이 학습으로 배우는 값(가중치)이에요. 많을수록 더 복잡한 것을 배울 수 있지만 파일이 커지고, 데이터가 적으면 외우기 쉬워요.',
      en: 'Parameters are the values (weights) that a model learns. More of them can learn more, but make the file larger and few images easier to learn by heart.',
    },
    page: google('parameter', 'parameter'),
  },
  {
    term: 'gradient',
    ko: '기울기',
    aliases: ['그래디언트', '그레이디언트', 'gradients'],
    meaning: {
      ko: '기울기는 가중치를 조금 바꿨을 때 손실이 얼마나 달라지는지를 나타내요. 학습은 기울기의 반대쪽으로 가중치를 조금씩 옮기는 일이에요.',
      en: 'The gradient tells how the loss changes with each weight; training moves the weights a little against it.',
    },
    page: google('gradient', 'gradient'),
  },
  {
    term: 'gradient descent',
    ko: '경사 하강법',
    aliases: ['경사하강', '경사 하강'],
    meaning: {
      ko: '경사 하강법은 손실이 가장 빨리 줄어드는 쪽으로 가중치를 조금씩 옮기는 방법이에요. 한 번에 옮기는 크기가 학습률이에요.',
      en: 'Gradient descent moves the weights step by step to where the loss falls fastest; the size of the step is the learning rate.',
    },
    page: google('gradient-descent', 'gradient descent'),
  },
  {
    term: 'backpropagation',
    ko: '역전파',
    aliases: ['backprop', '오차 역전파', '백프로퍼게이션'],
    meaning: {
      ko: '역전파는 손실의 기울기를 마지막 층에서 첫 층까지 거꾸로 계산해 나가는 방법이에요.',
      en: 'Backpropagation computes the gradient of the loss from the last layer back to the first.',
    },
    page: google('backpropagation', 'backpropagation'),
  },
  {
    term: 'regularization',
    ko: '정규화',
    aliases: ['정칙화', 'regularisation', '규제'],
    meaning: {
      ko: '정규화(regularization)는 과적합을 줄이려고 학습에 거는 제약을 통틀어 이르는 말이에요. 가중치 감쇠, 드롭아웃, 데이터 증강이 여기에 들어요.',
      en: 'Regularization is whatever keeps a model from overfitting: weight decay, dropout and augmentation among others.',
    },
    page: google('regularization', 'regularization'),
  },
  {
    term: 'normalization',
    ko: '값 정규화',
    aliases: ['노멀라이즈', 'normalisation', '노멀라이제이션'],
    meaning: {
      ko: '값 정규화(normalization)는 입력을 비슷한 범위로 맞추는 것이에요. 이미지는 채널마다 평균을 빼고 표준편차로 나누고, 학습이 안정돼요.',
      en: 'Normalization brings inputs to a like range: of images, each channel less its mean and divided by its deviation, which steadies the training.',
    },
    page: google('normalization', 'normalization'),
  },
  {
    term: 'batch normalization',
    ko: '배치 정규화',
    aliases: ['batch norm', 'batchnorm', '배치노름', '배치 노멀라이제이션'],
    meaning: {
      ko: '배치 정규화는 층의 출력을 배치 안에서 평균과 분산을 맞춰 학습을 빠르고 안정되게 하는 것이에요. 배치가 아주 작으면 통계가 흔들려요.',
      en: 'Batch normalization evens out the outputs of a layer over the batch, for a faster and steadier training. With very small batches its statistics are shaky.',
    },
    page: google('batch-normalization', 'batch normalization'),
  },
  {
    term: 'learning curve',
    ko: '학습 곡선',
    aliases: ['손실 곡선', 'loss curve', 'training curve', '러닝 커브'],
    meaning: {
      ko: '학습 곡선은 에폭이 지나며 손실과 정확도가 어떻게 변하는지 그린 것이에요. 학습과 검증이 벌어지면 과적합, 둘 다 낮으면 과소적합이에요.',
      en: 'A learning curve draws loss and accuracy over the epochs. Where training and validation part it overfits; where both stay low it underfits.',
    },
    page: {
      url: 'https://developers.google.com/machine-learning/crash-course/overfitting/interpreting-loss-curves',
      title: 'Google Machine Learning Crash Course: interpreting loss curves',
    },
  },
  {
    term: 'convergence',
    ko: '수렴',
    aliases: ['converge', 'converged', 'converges', 'converging'],
    meaning: {
      ko: '수렴은 더 학습해도 손실이 거의 줄지 않는 상태예요. 수렴하지 않으면 에폭을 늘리고, 튀면 학습률을 낮춰 보세요.',
      en: 'A training has converged when more of it hardly lowers the loss. If it has not, train longer; if the loss jumps about, lower the learning rate.',
    },
    page: google('convergence', 'convergence'),
  },
  {
    term: 'convolution',
    ko: '합성곱',
    aliases: ['컨볼루션', 'cnn', 'convolutional', '콘볼루션'],
    meaning: {
      ko: '합성곱은 작은 필터를 이미지 위로 옮겨 가며 무늬를 찾는 계산이에요. ResNet 같은 CNN이 이것을 여러 층 쌓은 모델이에요.',
      en: 'A convolution slides a small filter over an image to find patterns; CNNs such as ResNet are many layers of these.',
    },
    page: google('convolution', 'convolution'),
  },
  {
    term: 'attention',
    ko: '어텐션',
    aliases: ['셀프 어텐션', 'self attention', 'self-attention', '주의 집중'],
    meaning: {
      ko: '어텐션은 입력의 각 부분이 다른 부분을 얼마나 참고할지 스스로 정하는 계산이에요. 이미지에서는 멀리 떨어진 곳끼리도 관련을 볼 수 있어요.',
      en: 'Attention lets each part of the input decide how much to look at the others, so that even distant parts of an image are related.',
    },
    page: google('attention', 'attention'),
  },
  {
    term: 'transformer',
    ko: '트랜스포머',
    aliases: ['vision transformer', '비전 트랜스포머', 'transformers'],
    meaning: {
      ko: '트랜스포머는 어텐션을 쌓은 모델이고, 이미지에 쓰는 것이 ViT예요. 데이터가 많거나 사전학습 가중치가 있을 때 특히 좋아요.',
      en: 'A transformer is layers of attention; the one for images is ViT. It shines with much data or pretrained weights.',
    },
    page: google('transformer', 'Transformer'),
  },
  {
    term: 'softmax',
    ko: '소프트맥스',
    aliases: ['소프트 맥스'],
    meaning: {
      ko: '소프트맥스는 클래스별 점수를 합이 하나인 확률로 바꾸는 함수예요. 확률이 높다고 꼭 맞는 것은 아니에요.',
      en: 'Softmax turns the scores of the classes into probabilities that add up to one. A high one is no proof of being right.',
    },
    page: google('softmax', 'softmax'),
  },
  {
    term: 'activation function',
    ko: '활성화 함수',
    aliases: ['activation', '활성 함수', 'relu', '렐루'],
    meaning: {
      ko: '활성화 함수는 층 사이에 넣는 비선형 함수예요. 이것이 없으면 층을 아무리 쌓아도 직선밖에 배우지 못해요.',
      en: 'An activation function is the bend between layers. Without it, however many layers could only learn straight lines.',
    },
    page: google('activation-function', 'activation function'),
  },
  {
    term: 'embedding',
    ko: '임베딩',
    aliases: ['embeddings', '임베딩 벡터'],
    meaning: {
      ko: '임베딩은 이미지를 뜻이 담긴 숫자 목록으로 바꾼 것이에요. 비슷한 이미지는 가까이 놓여서 검색이나 묶기에 써요.',
      en: 'An embedding is an image as a list of numbers that holds its meaning. Like images lie near each other, which serves for search and grouping.',
    },
    page: google('embedding-vector', 'embedding vector'),
  },
  {
    term: 'feature map',
    ko: '특징 맵',
    aliases: ['특징맵', '피처맵', 'feature maps', '피처 맵'],
    meaning: {
      ko: '특징 맵은 층 하나가 이미지의 어디에서 어떤 무늬를 찾았는지 나타낸 것이에요. 앞 층은 선과 색, 뒤 층은 부분과 물체를 찾아요.',
      en: 'A feature map shows where in an image a layer found its pattern: early layers edges and colours, late ones parts and things.',
    },
    page: {
      url: 'https://cs231n.github.io/convolutional-networks/',
      title: 'Stanford CS231n: convolutional networks',
    },
  },
  {
    term: 'out of memory',
    ko: '메모리 부족',
    aliases: ['oom', 'error', '메모리 에러', '메모리 오류', 'cuda out of memory'],
    meaning: {
      ko: '메모리 부족은 모델과 배치가 기기의 메모리에 다 들어가지 않는 것이에요. 배치 크기나 이미지 크기를 줄이거나 더 작은 모델을 쓰세요.',
      en: 'Out of memory means that model and batch do not fit into the memory of the device. Use a smaller batch, smaller images or a smaller model.',
    },
    page: { url: 'https://docs.pytorch.org/docs/stable/notes/faq.html', title: 'PyTorch: frequently asked questions' },
  },
];

import { type GlossaryEntry, googlePage as google } from './entry.js';

/** Words about what a model is trained for, and about finding the best one. */
export const TASK_WORDS: readonly GlossaryEntry[] = [
  {
    term: 'classification',
    ko: '분류',
    aliases: ['이미지 분류', 'image classification', 'classifier', '분류기'],
    meaning: {
      ko: '분류는 이미지 한 장이 어느 클래스인지 답하는 일이에요. 클래스마다 폴더 하나씩 이미지를 모으면 학습할 수 있어요.',
      en: 'Classification says which class an image is of. One folder of images for each class is all it takes to train.',
    },
    page: google('classification-model', 'classification model'),
  },
  {
    term: 'object detection',
    ko: '객체 탐지',
    aliases: ['detection', '물체 탐지', '객체 검출', '디텍션'],
    meaning: {
      ko: '객체 탐지는 이미지 속 물체가 무엇이고 어디에 있는지 상자로 답하는 일이에요. 학습하려면 이미지마다 상자 라벨이 필요해요.',
      en: 'Object detection says what is in an image and where, in boxes. It needs the boxes as labels of every training image.',
    },
    page: {
      url: 'https://huggingface.co/docs/transformers/tasks/object_detection',
      title: 'Hugging Face: object detection',
    },
  },
  {
    term: 'segmentation',
    ko: '영역 분할',
    aliases: ['세그멘테이션', '분할', 'semantic segmentation', '시맨틱 분할'],
    meaning: {
      ko: '영역 분할은 픽셀마다 어느 클래스인지 답하는 일이에요. 모양이나 넓이가 중요할 때 써요.',
      en: 'Segmentation says of each pixel which class it belongs to; it is for where shape and area matter.',
    },
    page: {
      url: 'https://huggingface.co/docs/transformers/tasks/semantic_segmentation',
      title: 'Hugging Face: image segmentation',
    },
  },
  {
    term: 'anomaly detection',
    ko: '이상 탐지',
    aliases: ['이상 검출', '어노말리 디텍션'],
    meaning: {
      ko: '이상 탐지는 정상 이미지만 배워 두고 그와 다른 것을 찾아내는 일이에요. 불량 이미지를 모으기 어려울 때 좋아요.',
      en: 'Anomaly detection learns from good images alone and finds what differs from them: for where defects are rare.',
    },
    page: google('anomaly-detection', 'anomaly detection'),
  },
  {
    term: 'anomaly score',
    ko: '이상 점수',
    aliases: ['anomaly scores'],
    meaning: {
      ko: '이상 점수는 이미지가 정상에서 얼마나 벗어났는지를 나타내요. 어느 점수부터 불량으로 볼지는 놓치는 것과 잘못 잡는 것을 견줘 정해요.',
      en: 'An anomaly score says how far an image is from normal. From which score on it counts as a defect weighs misses against false alarms.',
    },
    page: { url: 'https://anomalib.readthedocs.io/', title: 'Anomalib: documentation' },
  },
  {
    term: 'bounding box',
    ko: '바운딩 박스',
    aliases: ['바운딩박스', '경계 상자', 'bounding boxes'],
    meaning: {
      ko: '바운딩 박스는 물체를 꼭 맞게 둘러싼 네모예요. 탐지 모델의 라벨이자 답이에요.',
      en: 'A bounding box is the rectangle that just holds an object: what a detector is taught with, and what it answers.',
    },
    page: google('bounding-box', 'bounding box'),
  },
  {
    term: 'anchor box',
    ko: '앵커 박스',
    aliases: ['앵커', 'anchor', 'anchors', 'anchor boxes'],
    meaning: {
      ko: '앵커 박스는 탐지 모델이 미리 깔아 두는 여러 크기의 상자예요. 모델은 이 상자를 물체에 맞게 옮기고 늘려요.',
      en: 'Anchor boxes of several sizes are laid out beforehand; a detector moves and stretches them to fit the objects.',
    },
    page: { url: 'https://arxiv.org/abs/1506.01497', title: 'Ren et al. 2015, Faster R-CNN' },
  },
  {
    term: 'non-maximum suppression',
    ko: '비최대 억제',
    aliases: ['nms', 'non maximum suppression'],
    meaning: {
      ko: '비최대 억제는 한 물체에 여러 상자가 겹칠 때 가장 확실한 것만 남기는 처리예요.',
      en: 'Non-maximum suppression keeps only the surest of several boxes that overlap on one object.',
    },
    page: {
      url: 'https://docs.pytorch.org/vision/stable/generated/torchvision.ops.nms.html',
      title: 'torchvision: nms',
    },
  },
  {
    term: 'ROC curve',
    ko: 'ROC 곡선',
    aliases: ['roc'],
    meaning: {
      ko: 'ROC 곡선은 기준 점수를 바꿔 가며 제대로 찾은 비율과 잘못 잡은 비율을 그린 것이에요. 왼쪽 위에 가까울수록 좋아요.',
      en: 'A ROC curve draws the share found against the share of false alarms as the threshold moves. The nearer to the upper left, the better.',
    },
    page: google('roc-receiver-operating-characteristic-curve', 'ROC curve'),
  },
  {
    term: 'AUC',
    ko: '곡선 아래 넓이',
    aliases: ['auroc', 'area under the curve'],
    meaning: {
      ko: 'AUC는 ROC 곡선 아래의 넓이예요. 기준 점수를 정하기 전에 모델이 둘을 얼마나 잘 가르는지 견줄 때 써요.',
      en: 'AUC is the area under the ROC curve: how well a model tells two things apart, whatever the threshold.',
    },
    page: google('auc-area-under-the-roc-curve', 'AUC'),
  },
  {
    term: 'cross-validation',
    ko: '교차 검증',
    aliases: ['cross validation', '교차검증', 'k-fold'],
    meaning: {
      ko: '교차 검증은 데이터를 여러 조각으로 나눠 조각마다 한 번씩 검증에 쓰는 방법이에요. 이미지가 적을 때 성능을 더 믿을 만하게 재요.',
      en: 'Cross-validation splits the data into parts and validates on each in turn, which measures better where images are few.',
    },
    page: google('cross-validation', 'cross-validation'),
  },
  {
    term: 'hyperparameter search',
    ko: '하이퍼파라미터 탐색',
    aliases: ['스윕', 'sweep', '하이퍼파라미터 튜닝', 'hyperparameter tuning', 'grid search', 'random search'],
    meaning: {
      ko: '하이퍼파라미터 탐색은 학습률 같은 값을 여러 가지로 바꿔 학습해 보고 가장 좋은 것을 고르는 일이에요. 보통 무작위로 고르는 편이 격자보다 효율적이에요.',
      en: 'A hyperparameter search trains with several values, such as learning rates, and keeps the best. Random choices usually beat a grid.',
    },
    page: {
      url: 'https://www.jmlr.org/papers/v13/bergstra12a.html',
      title: 'Bergstra & Bengio 2012, Random Search for Hyper-Parameter Optimization',
    },
  },
  {
    term: 'training from scratch',
    ko: '처음부터 학습',
    aliases: ['from scratch', '스크래치', '스크래치 학습'],
    meaning: {
      ko: '처음부터 학습은 무작위 가중치에서 시작하는 것이에요. 사전학습 가중치에서 시작할 때보다 이미지와 에폭이 훨씬 많이 필요해요.',
      en: 'Training from scratch begins with random weights. It needs many more images and epochs than beginning from pretrained ones.',
    },
    page: { url: 'https://arxiv.org/abs/1811.08883', title: 'He et al. 2019, Rethinking ImageNet Pre-training' },
    setting: 'pretrained',
  },
  {
    term: 'linear probing',
    ko: '선형 프로빙',
    aliases: ['linear probe', '마지막 층만 학습', '리니어 프로빙'],
    meaning: {
      ko: '선형 프로빙은 백본은 그대로 두고 마지막 층만 학습하는 것이에요. 빠르고, 사전학습된 특징이 내 데이터에 얼마나 맞는지 알려 줘요.',
      en: 'Linear probing trains the last layer alone on a frozen backbone. It is quick and shows how well the pretrained features suit your data.',
    },
    page: { url: 'https://arxiv.org/abs/1610.01644', title: 'Alain & Bengio 2016, Linear Classifier Probes' },
    setting: 'freezeBackbone',
  },
  {
    term: 'pruning',
    ko: '가지치기',
    aliases: ['프루닝', 'prune'],
    meaning: {
      ko: '가지치기는 쓸모가 적은 가중치나 채널을 없애 모델을 줄이는 것이에요. 줄인 뒤에는 조금 더 학습해 정확도를 되찾아요.',
      en: 'Pruning removes weights or channels that matter little, to make a model smaller; some more training wins the accuracy back.',
    },
    page: {
      url: 'https://docs.pytorch.org/tutorials/intermediate/pruning_tutorial.html',
      title: 'PyTorch: pruning tutorial',
    },
  },
  {
    term: 'knowledge distillation',
    ko: '지식 증류',
    aliases: ['distillation', '증류', '디스틸레이션'],
    meaning: {
      ko: '지식 증류는 큰 모델의 답을 작은 모델이 따라 배우게 하는 것이에요. 작은 모델을 그냥 학습할 때보다 정확해지는 일이 많아요.',
      en: 'Knowledge distillation teaches a small model with the answers of a large one; it often ends up more accurate than trained alone.',
    },
    page: {
      url: 'https://arxiv.org/abs/1503.02531',
      title: 'Hinton et al. 2015, Distilling the Knowledge in a Neural Network',
    },
  },
];

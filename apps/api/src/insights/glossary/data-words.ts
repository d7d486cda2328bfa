import { type GlossaryEntry, googlePage as google } from './entry.js';

/** Words about data and about how well a model does on it. */
export const DATA_WORDS: readonly GlossaryEntry[] = [
  {
    term: 'validation set',
    ko: '검증 데이터',
    aliases: ['검증 데이터셋', '검증 셋', '검증 비율', 'validation', 'validation split', '밸리데이션'],
    meaning: {
      ko: '검증 데이터는 학습에 쓰지 않고 남겨 둔 이미지예요. 처음 보는 이미지를 얼마나 맞히는지 재어, 가장 좋은 에폭을 고르는 데 써요.',
      en: 'The validation set is images kept out of the training. They tell how the model does on what it has not seen, and which epoch was the best.',
    },
    page: google('validation-set', 'validation set'),
    setting: 'validationSplit',
  },
  {
    term: 'accuracy',
    ko: '정확도',
    aliases: ['어큐러시', 'acc'],
    meaning: {
      ko: '정확도는 전체 이미지 중 맞힌 비율이에요. 한 클래스가 훨씬 많으면 그 클래스만 찍어도 높게 나오니 재현율도 함께 보세요.',
      en: 'Accuracy is the share of images that are answered rightly. Where one class is far more frequent it flatters, so look at the recall as well.',
    },
    page: google('accuracy', 'accuracy'),
  },
  {
    term: 'precision',
    ko: '정밀도',
    aliases: ['프리시전', 'precision score'],
    meaning: {
      ko: '정밀도는 어떤 클래스라고 답한 것 중 정말 그 클래스인 비율이에요. 낮으면 엉뚱한 것까지 그 클래스라고 답하는 거예요.',
      en: 'Precision is the share of what was called a class that really is of it. When it is low, other things are taken for the class.',
    },
    page: google('precision', 'precision'),
  },
  {
    term: 'recall',
    ko: '재현율',
    aliases: ['리콜', '민감도', 'sensitivity'],
    meaning: {
      ko: '재현율은 어떤 클래스의 이미지 중 찾아낸 비율이에요. 불량 검사처럼 놓치면 안 되는 일에서는 정확도보다 중요해요.',
      en: 'Recall is the share of a class that is found. Where nothing must be missed, as in inspecting for defects, it matters more than accuracy.',
    },
    page: google('recall', 'recall'),
  },
  {
    term: 'F1 score',
    ko: 'F1 점수',
    aliases: ['f1', 'f1-score', 'macro f1', '에프원'],
    meaning: {
      ko: 'F1 점수는 정밀도와 재현율의 조화 평균이에요. 둘 중 하나라도 낮으면 함께 낮아져서, 클래스가 치우친 데이터에서 정확도보다 믿을 만해요.',
      en: 'The F1 score is the harmonic mean of precision and recall. It is low as soon as one of them is, so on uneven classes it tells more than accuracy.',
    },
    page: {
      url: 'https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html',
      title: 'scikit-learn: f1_score',
    },
  },
  {
    term: 'confusion matrix',
    ko: '혼동 행렬',
    aliases: ['컨퓨전 매트릭스', '오차 행렬'],
    meaning: {
      ko: '혼동 행렬은 실제 클래스(행)와 예측한 클래스(열)별로 이미지 수를 센 표예요. 대각선을 벗어난 큰 수가 헷갈리는 쌍이에요.',
      en: 'A confusion matrix counts images by their true class (rows) and the class they were taken for (columns). Large counts off the diagonal are what is mixed up.',
    },
    page: google('confusion-matrix', 'confusion matrix'),
  },
  {
    term: 'class imbalance',
    ko: '클래스 불균형',
    aliases: ['데이터 불균형', '불균형', 'imbalanced', 'imbalance', 'imbalanced data'],
    meaning: {
      ko: '클래스 불균형은 클래스마다 이미지 수가 크게 다른 것이에요. 적은 클래스를 잘 못 찾게 되니, 그 클래스의 이미지를 더 모으는 것이 가장 좋아요.',
      en: 'Classes are imbalanced when some have many more images than others. The small ones are then found badly; collecting more of them helps most.',
    },
    page: google('class-imbalanced-dataset', 'class-imbalanced dataset'),
  },
  {
    term: 'data augmentation',
    ko: '데이터 증강',
    aliases: ['증강', '어그멘테이션', 'augmentation', '오그멘테이션'],
    meaning: {
      ko: '데이터 증강은 학습 이미지를 뒤집고 자르고 색을 바꿔 가며 보여 주는 것이에요. 같은 이미지로 더 다양하게 배워 과적합이 줄어요.',
      en: 'Augmentation shows each training image flipped, cropped or recoloured, a little different every time, which reduces overfitting.',
    },
    page: google('data-augmentation', 'data augmentation'),
    setting: 'augmentation',
  },
  {
    term: 'image size',
    ko: '이미지 크기',
    aliases: ['해상도', '입력 크기', 'resolution', 'input size'],
    meaning: {
      ko: '이미지 크기는 학습할 때 이미지를 맞추는 가로세로 픽셀 수예요. 키우면 작은 물체나 세부를 더 잘 보지만, 시간과 메모리가 넓이만큼 늘어요.',
      en: 'The image size is the width and height in pixels to which images are brought. A larger one shows more detail and costs time and memory by its area.',
    },
    page: {
      url: 'https://arxiv.org/abs/1906.06423',
      title: 'Touvron et al. 2019, Fixing the train-test resolution discrepancy',
    },
    setting: 'imageSize',
  },
  {
    term: 'IoU',
    ko: '겹침 비율',
    aliases: ['intersection over union', '아이오유'],
    meaning: {
      ko: 'IoU는 예측한 상자와 정답 상자가 겹치는 넓이를 둘을 합친 넓이로 나눈 값이에요. 탐지가 얼마나 꼭 맞는지를 나타내요.',
      en: 'IoU is the area that a predicted and a true box share, divided by the area of both together: how well they fit.',
    },
    page: google('intersection-over-union-iou', 'intersection over union (IoU)'),
  },
  {
    term: 'mAP',
    ko: '평균 정밀도',
    aliases: ['mean average precision', 'map50', '엠에이피'],
    meaning: {
      ko: 'mAP는 탐지 모델의 성적을 나타내는 값으로, 클래스마다 정밀도와 재현율의 곡선 아래 넓이를 구해 평균한 것이에요.',
      en: 'mAP is the usual score of detectors: for each class the area under its curve of precision over recall, and the mean of these.',
    },
    page: { url: 'https://cocodataset.org/#detection-eval', title: 'COCO: detection evaluation' },
  },
];

import type { ModelSource, ZooMetric } from '@mallo/contracts';

/** What the libraries call themselves, in every language. */
export const SOURCE_NAMES: Record<Exclude<ModelSource, 'own'>, string> = {
  timm: 'timm',
  huggingface: 'Hugging Face',
  ultralytics: 'Ultralytics',
  mmdetection: 'MMDetection',
  mmsegmentation: 'MMSegmentation',
  detectron2: 'Detectron2',
  custom: 'anomalib',
};

export const METRIC_NAMES: Record<ZooMetric, string> = {
  top1: 'top-1',
  top5: 'top-5',
  box_ap: 'box AP',
  mask_ap: 'mask AP',
  miou: 'mIoU',
  pq: 'PQ',
};

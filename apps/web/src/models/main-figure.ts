import type { RegisteredModel } from '@mallo/contracts';

type TaskType = RegisteredModel['taskType'];

/** The figure that a model of a task is judged by; the first that a version has. As people write them, without case. */
const OF_TASK: Record<NonNullable<TaskType>, [name: string, label: string][]> = {
  classification: [['accuracy', 'accuracy']],
  segmentation: [
    ['miou', 'mIoU'],
    ['meaniou', 'mIoU'],
    ['iou', 'IoU'],
    ['dice', 'Dice'],
  ],
  detection: [
    ['map', 'mAP'],
    ['map5095', 'mAP@50:95'],
    ['map50', 'mAP@50'],
    ['ap', 'AP'],
    ['ap50', 'AP@50'],
  ],
  anomaly_detection: [
    ['auroc', 'AUROC'],
    ['imageauroc', 'AUROC'],
    ['rocauc', 'AUROC'],
    ['auc', 'AUC'],
  ],
};

export type MainFigure = {
  /** As the version has it, such as `val_miou`. */
  name: string;
  /** What the field calls it; `accuracy` has a word in each language. */
  label: string;
  value: number;
  /** Whether it is of 0..1. */
  isShare: boolean;
};

/** The figure to show first; a loss alone says nothing beside other models. Null where there is none. */
export function mainFigure(taskType: TaskType, metrics: Record<string, number>): MainFigure | null {
  // Of a figure that is there for more than one set of images, that of the validation counts.
  const isOfValidation = ([key]: [string, number]) => Number(key.toLowerCase().startsWith('val'));
  const known = Object.entries(metrics).toSorted((a, b) => isOfValidation(b) - isOfValidation(a));
  for (const [name, label] of taskType ? OF_TASK[taskType] : OF_TASK.classification) {
    const found = known.find(([key]) => plain(key) === name);
    if (found) return { name: found[0], label, value: found[1], isShare: found[1] >= 0 && found[1] <= 1 };
  }
  const other = known.find(([key]) => !key.toLowerCase().includes('loss'));
  return other ? { name: other[0], label: other[0], value: other[1], isShare: false } : null;
}

/** `metrics/mAP50-95(B)` and `val_map_50_95` are one figure. */
function plain(key: string): string {
  return key
    .toLowerCase()
    .replace(/^(metrics\/)?(val|valid|validation|test|eval)?[_/-]?/, '')
    .replace(/\(\w+\)$/, '')
    .replace(/[^a-z0-9]/g, '');
}

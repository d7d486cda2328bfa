import type { DemoModels, TaskType } from '@mallo/contracts';

type Family = NonNullable<DemoModels['doing']>['family'];
/** `name` is what `mallo_trainer.demo_models` calls it. */
export type DemoVersion = { name: string; family: Family; version: number };

/** What is made, in this order. */
export const DEMO_VERSIONS: DemoVersion[] = (['mobilenet', 'unet'] as const).flatMap((family) =>
  [1, 2, 3].map((version) => ({ name: `${family}-${version}`, family, version })),
);

export const DEMO_FAMILIES: Record<Family, { name: string; taskType: TaskType; datasetName: string }> = {
  mobilenet: { name: 'mobilenet-digits', taskType: 'classification', datasetName: 'scikit-learn digits, 32 × 32' },
  unet: { name: 'unet-shapes', taskType: 'segmentation', datasetName: 'drawn circles and crosses, 48 × 48' },
};

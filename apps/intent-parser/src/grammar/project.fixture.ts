import type { ParseContext } from '@mallo/contracts';

/** A bakery's project, for tests: a little of everything that a message can refer to. */
export const bakery: ParseContext = {
  datasets: [
    {
      id: 'ds_bread',
      name: 'bread-types',
      taskType: 'classification',
      classNames: ['baguette', 'ciabatta', 'brioche'],
    },
    { id: 'ds_mold', name: '곰팡이', taskType: 'anomaly_detection', classNames: ['good', 'mold'] },
    { id: 'ds_trays', name: 'trays', taskType: 'detection', classNames: ['tray', 'hand'] },
    { id: 'ds_dough', name: 'dough_seg', taskType: 'segmentation', classNames: ['background', 'dough'] },
  ],
  runs: [
    { id: 'run_31', name: 'trays-yolo11n', status: 'running' },
    { id: 'run_30', name: 'bread-resnet18', status: 'completed' },
    { id: 'run_29', name: 'bread-convnext', status: 'failed' },
  ],
  models: [
    { name: 'bread-resnet18', versions: ['1.0.0', '1.2.0', '1.10.0'] },
    { name: 'trays-yolo11n', versions: ['1.0.0'] },
  ],
};

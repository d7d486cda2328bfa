import { expect, test } from 'vitest';
import { TrainerLines } from './trainer-events.js';

function eventsOf(lines: string[], stream: 'stdout' | 'stderr' = 'stdout') {
  const checkpoints: string[] = [];
  const trainer = new TrainerLines(stream, (path) => checkpoints.push(path));
  const events = lines.flatMap((line) => trainer.eventsOf(line, 7));
  return { events, meaning: events.filter(({ type }) => type !== 'log'), checkpoints };
}

test('a batch line is progress and points at its step, an epoch line points at its epoch', () => {
  const { meaning } = eventsOf([
    'start model=resnet18 params=11181642 classes=10 train_images=1438 device=cpu epochs=3 batches_per_epoch=23 first_epoch=1 weights=none',
    'batch epoch=2 batch=5 batches=23 step=28 loss=2.3125 learning_rate=1e-05 images_per_second=450.1',
    'epoch epoch=2 epochs=3 step=46 train_loss=0.5 train_accuracy=0.25 val_loss=nan val_accuracy=0.75 learning_rate=0.001 seconds=4.2',
  ]);
  const point = (key: string, step: number, value: number | string) => ({
    type: 'metric',
    key,
    step,
    timeMs: 7,
    value,
  });
  expect(meaning).toEqual([
    { type: 'progress', timeMs: 7, epoch: 2, epochs: 3, batch: 5, batches: 23, step: 28, imagesPerSecond: 450.1 },
    point('loss', 28, 2.3125),
    point('learning_rate', 28, 1e-5),
    point('images_per_second', 28, 450.1),
    point('train_loss', 2, 0.5),
    point('train_accuracy', 2, 0.25),
    point('val_loss', 2, 'NaN'),
    point('val_accuracy', 2, 0.75),
  ]);
});

test('values that are no numbers to JSON arrive as words', () => {
  const line = (loss: string) => `batch epoch=1 batch=1 batches=1 step=1 loss=${loss}`;
  const { meaning } = eventsOf(['start epochs=1', line('inf'), line('-inf'), line('nan')]);
  expect(meaning.flatMap((event) => (event.type === 'metric' ? [event.value] : []))).toEqual([
    'Infinity',
    '-Infinity',
    'NaN',
  ]);
});

test('warnings, notes and errors are notices with their own words', () => {
  const { meaning } = eventsOf([
    'warning code=pretrained_unavailable message="가중치가 \\"없습니다\\""',
    'note code=early_stop message="Stopped after epoch 3: none was better than epoch 1."',
    'error code=out_of_memory message=x',
  ]);
  expect(meaning).toMatchObject([
    { type: 'notice', level: 'warning', code: 'pretrained_unavailable', message: '가중치가 "없습니다"' },
    { type: 'notice', level: 'info', code: 'early_stop' },
    { type: 'notice', level: 'error', message: 'x' },
  ]);
});

test('tells of checkpoints', () => {
  const { checkpoints, meaning } = eventsOf([
    'checkpoint epoch=1 path=last.pth',
    'checkpoint epoch=1 path=best.pth val_accuracy=0.5',
  ]);
  expect(checkpoints).toEqual(['last.pth', 'best.pth']);
  expect(meaning).toEqual([]);
});

test('every line is a line of log; one that only looks like ours, or is of stderr, nothing else', () => {
  const lines = [
    'Downloading: 100% of data',
    '',
    'batch size is 32',
    'batch epoch=1 batch=x batches=2 step=1',
    'epoch epoch=1 val_loss="unfinished',
    `${'batch a="b" '.repeat(400)}!`,
    'batch  epoch=1',
    'warning code=x message="two"words"',
  ];
  const { events, meaning } = eventsOf(lines);
  expect(meaning).toEqual([]);
  expect(events).toEqual(lines.map((line) => ({ type: 'log', stream: 'stdout', timeMs: 7, line })));
  expect(eventsOf(['start epochs=1', 'batch epoch=1 batch=1 batches=1 step=1 loss=1'], 'stderr').meaning).toEqual([]);
});

test('shows of a progress bar what a terminal shows in the end, and cuts a very long line', () => {
  const { events } = eventsOf(['  0%|   |\r 50%|#  |\r100%|###|', 'windows\r', 'x'.repeat(20_000)], 'stderr');
  const lines = events.map((event) => event.type === 'log' && event.line);
  expect(lines.slice(0, 2)).toEqual(['100%|###|', 'windows']);
  expect(lines[2]).toHaveLength(10_000);
});

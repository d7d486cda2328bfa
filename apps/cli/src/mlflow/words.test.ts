import { expect, test } from 'vitest';
import { words } from './words.js';

const shown = (count: number) => ({
  experiments: count,
  runs: count,
  points: count,
  loggedModels: count,
  files: count,
  bytes: 2_500,
  models: count,
  versions: count,
});

test('says one of a thing as one, and many as many', () => {
  expect(words.counts(shown(1))).toEqual({
    en: '1 experiment, 1 run, 1 point, 1 logged model, 1 file (2.5 kB), 1 registered model with 1 version',
    ko: '실험 1개, 실행 1개, 점 1개, 기록된 모델 1개, 파일 1개(2.5 kB), 등록된 모델 1개와 버전 1개',
  });
  expect(words.counts(shown(2000)).en).toMatch(/^2,000 experiments, 2,000 runs, .* 2,000 versions$/);
  expect(words.counts(shown(2000)).ko).toContain('실행 2,000개');
  expect(words.added(1, 0, 2).en).toBe('New in Mallo: 1 run, 0 files, 2 versions of models.');
  expect(words.brokenPoints(1).en).toBe('1 line is no point that can be kept, and was left out.');
});

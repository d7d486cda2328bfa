import { expect, test } from 'vitest';
import { pageOfMlflowAddress } from './mlflow-address';

test.each([
  ['#/experiments/2/runs/run_0h3k', '/runs/run_0h3k'],
  ['#/experiments/2/runs/run_0h3k/artifacts', '/runs/run_0h3k'],
  ['#/experiments/2', '/runs?e=2'],
  ['#/experiments/2/runs', '/runs?e=2'],
  ['', null],
  ['#/experiments/../runs/x', null],
])('what MLflow prints as %s is the page %s', (hash, page) => {
  expect(pageOfMlflowAddress(hash)).toBe(page);
});

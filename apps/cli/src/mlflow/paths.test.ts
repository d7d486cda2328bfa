import { expect, test } from 'vitest';
import { escapedPath, filesOf } from './paths.js';

const RUN = '0123456789abcdef0123456789abcdef';

test.each([
  ['models:/m-1a', '', '', { of: 'logged model', id: 'm-1a', path: '' }],
  [`runs:/${RUN}/model`, '', '', { of: 'run', id: RUN, path: 'model' }],
  [`runs:/${RUN}/a/b/`, '', '', { of: 'run', id: RUN, path: 'a/b' }],
  [`file:///home/x/mlruns/0/${RUN}/artifacts/model`, '', '', { of: 'run', id: RUN, path: 'model' }],
  [`/home/x/mlruns/0/${RUN}/artifacts`, '', '', { of: 'run', id: RUN, path: '' }],
  [`mlflow-artifacts:/5/${RUN}/artifacts/best/model`, '', '', { of: 'run', id: RUN, path: 'best/model' }],
  [`s3://bucket/5/models/m-1a/artifacts`, '', '', { of: 'logged model', id: 'm-1a', path: '' }],
  ['models:/pets/3', `s3://bucket/0/${RUN}/artifacts/model`, '', { of: 'run', id: RUN, path: 'model' }],
  ['models:/pets@champion', '', 'm-1a', { of: 'logged model', id: 'm-1a', path: '' }],
  ['s3://bucket/model', '', '', null],
  ['runs:/../../x', '', '', null],
  ['', '', '', null],
])('the files of a version of %s (at %s) are those of %o', (source, storage, modelId, files) => {
  expect(filesOf({ source, storage, modelId })).toEqual(files);
});

test('names of a path are escaped, and not what parts them', () => {
  expect(escapedPath('a b/100%/한')).toBe('a%20b/100%25/%ED%95%9C');
});

import { describe, expect, test } from 'vitest';
import { trainingConfig } from '../testing/rows.js';
import { lastProblem, readPrepared, resumedNotice, weightsNotice } from './trainer-report.js';

describe('the last problem', () => {
  test('is the last error line, its sentence unquoted', () => {
    const output =
      'start model=x\nerror code=a message="first"\nerror code=bad_data message="The folder \\"a b\\" is empty."\n';
    expect(lastProblem(output)).toMatchObject({
      code: 'training.failed',
      params: { problem: 'The folder "a b" is empty' },
    });
  });

  test('has a sentence of its own where there is one', () => {
    expect(lastProblem('error code=out_of_memory message="full"')?.code).toBe('training.out_of_memory');
    expect(lastProblem('error code=loss_not_finite message="nan"')?.code).toBe('training.diverged');
  });

  test('is null where no error was printed', () => {
    expect(lastProblem('epoch epoch=1 val_loss=0.2\nsome error code=… in a log line')).toBeNull();
  });
});

describe('what was prepared', () => {
  const config = trainingConfig();

  test('is the last line; a problem in it is thrown', () => {
    expect(readPrepared('noise\n{"weights":"none","problem":null}\n', config).weights).toBe('none');
    expect(() => readPrepared('{"weights":"none","problem":{"code":"x","message":"No."}}', config)).toThrow('No');
    expect(() => readPrepared('Traceback …', config)).toThrow();
  });

  test('names a size that the model can read where it cannot read this one, in both languages', () => {
    const problem = { code: 'image_size_unsupported', message: 'crossvit cannot read …', image_size: 240 };
    let thrown: unknown;
    try {
      readPrepared(JSON.stringify({ weights: 'none', problem }), config);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'config.image_size_unsupported', params: { size: 32, usable: 240 } });
  });

  test('says that memory is short in both languages', () => {
    const stdout = '{"weights":"none","problem":{"code":"out_of_memory","message":"A step needs at least 90 GB …"}}';
    expect(() => readPrepared(stdout, config)).toThrow(expect.objectContaining({ code: 'training.out_of_memory' }));
  });
});

test('weights that cannot be had are said, and so is where they came from', () => {
  expect(weightsNotice('none').code).toBe('weights_unavailable');
  expect(weightsNotice('hub:timm/resnet18.a1_in1k').message.ko).toContain('hub:timm/resnet18.a1_in1k');
});

test('a resume names the epoch after which it goes on', () => {
  const output =
    'checkpoint epoch=1 path=last.pth\nepoch epoch=2\ncheckpoint epoch=2 path=best.pth\ncheckpoint epoch=2 path=last.pth\n';
  expect(resumedNotice(output).message.en).toContain('after epoch 2');
  expect(resumedNotice('start model=x').message.en).toContain('begins again');
});

import { describe, expect, test } from 'vitest';
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

test('what was prepared is the last line; a problem in it is thrown', () => {
  expect(readPrepared('noise\n{"weights":"none","problem":null}\n').weights).toBe('none');
  expect(() => readPrepared('{"weights":"none","problem":{"code":"x","message":"No."}}')).toThrow('No');
  expect(() => readPrepared('Traceback …')).toThrow();
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

import type { Locale } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { type SomeCurves, someTraining } from '../../testing/trainings.js';
import { diagnose, suggestionsFor } from './diagnose.js';

/** `count` values from `first` to `last`, evenly. */
function line(first: number, last: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + ((last - first) * index) / (count - 1));
}

const RISING: SomeCurves = {
  train_loss: line(0.7, 0.3, 10),
  train_accuracy: line(0.5, 0.88, 10),
  val_loss: line(0.7, 0.35, 10),
  val_accuracy: line(0.55, 0.86, 10),
};
const OVERFITTING: SomeCurves = {
  train_loss: line(0.7, 0.02, 20),
  train_accuracy: line(0.55, 0.99, 20),
  val_loss: [...line(0.7, 0.45, 7), ...line(0.46, 0.9, 13)],
  val_accuracy: [...line(0.55, 0.82, 7), ...line(0.82, 0.805, 13)],
};
const FLAT = {
  train_loss: [...line(0.7, 0.3, 5), ...line(0.3, 0.28, 15)],
  train_accuracy: [...line(0.5, 0.9, 5), ...line(0.9, 0.92, 15)],
  val_loss: [...line(0.7, 0.33, 5), ...line(0.33, 0.331, 15)],
  val_accuracy: [...line(0.5, 0.88, 5), ...line(0.879, 0.878, 15)],
} satisfies SomeCurves;

function found(training: Parameters<typeof someTraining>[0]) {
  const findings = diagnose(someTraining(training));
  const first = (locale: Locale) => findings[0]?.says[locale].text;
  return {
    codes: findings.map(({ code }) => code),
    ko: first('ko'),
    en: first('en'),
    tries: suggestionsFor(findings).map(({ code }) => code),
    findings,
  };
}

describe('what keeps an accuracy from rising', () => {
  it('says that a training that still rises was too short', () => {
    const { codes, ko, en, tries } = found({
      curves: RISING,
      values: { epochs: 10, pretrained: true },
      result: { weightsSource: 'timm' },
    });
    expect(codes).toEqual(['still_rising']);
    expect(ko).toBe(
      '끝날 때까지 오르고 있었어요. 검증 정확도가 7번째 에폭의 75.7%에서 10번째 에폭의 86.0%로 올랐으니, 더 오래 학습할 여지가 있어요.',
    );
    expect(en).toContain('from 75.7% in epoch 7 to 86.0% in epoch 10');
    expect(tries).toEqual(['more_epochs']);
  });

  it('lets a training that still rises run to its end', () => {
    const { ko, tries } = found({ curves: RISING, run: { status: 'running', endedAt: null } });
    expect(ko).toContain('지금도 오르고 있으니');
    expect(tries).not.toContain('more_epochs');
  });

  it('sees overfitting where the validation loss rises as the training loss falls', () => {
    const { codes, ko, en, tries } = found({ curves: OVERFITTING });
    expect(codes[0]).toBe('overfitting');
    expect(ko).toBe(
      '과적합이에요. 7번째 에폭 뒤로 학습 손실은 0.485에서 0.02로 줄었는데 검증 손실은 0.45에서 0.9로 늘었어요.',
    );
    expect(en).toContain('after epoch 7 the training loss fell from 0.485 to 0.02');
    expect(tries[0]).toBe('more_augmentation');
    expect(codes).not.toContain('gap');
  });

  it('does not have digits flipped that were kept as they are', () => {
    const values = { augmentation: 'none' } as const;
    expect(found({ curves: OVERFITTING, values }).tries).not.toContain('more_augmentation');
    expect(found({ curves: OVERFITTING, values, imageSide: 64 }).tries).toContain('more_augmentation');
  });

  it('measures the gap between known and new images', () => {
    const curves = { ...FLAT, train_accuracy: [...line(0.5, 0.9, 5), ...line(0.95, 0.99, 15)] };
    expect(found({ curves }).codes).toContain('gap');
    expect(found({ curves: FLAT }).codes).not.toContain('gap');
  });

  it('finds a plateau and does not ask for more epochs', () => {
    const { codes, tries } = found({ curves: FLAT, values: { scheduler: 'constant' } });
    expect(codes).toContain('plateau');
    expect(tries).toContain('decay_rate');
    expect(tries).not.toContain('more_epochs');
  });

  it('names the first step at which the loss is no number', () => {
    const { codes, ko, en, tries } = found({
      curves: { loss: [0.7, 2.5, 'NaN', 'NaN'] },
      values: { learningRate: 0.5 },
      run: { status: 'failed' },
    });
    expect(codes).toEqual(['diverged']);
    expect(ko).toBe(
      'pets-resnet18의 손실이 3번째 스텝에서 숫자가 아니게 됐어요. 이렇게 발산하는 것은 대개 학습률이 너무 커서예요. 지금은 0.5예요.',
    );
    expect(en).toContain('at step 3');
    expect(tries[0]).toBe('lower_rate');
  });

  it('sees a divergence that the trainer ended before it was drawn', () => {
    const problem = { code: 'training.diverged', message: { ko: '발산', en: 'diverged' } } as const;
    const { codes, en } = found({ curves: { loss: [0.7, 3.25] }, run: { status: 'failed', problem } });
    expect(codes).toEqual(['diverged']);
    expect(en).toContain('was 3.25 at step 2');
  });

  it('sees a loss that grew beyond guessing', () => {
    const curves = {
      train_loss: [0.6, 0.4, 0.9, 1.8],
      train_accuracy: [0.6, 0.8, 0.5, 0.5],
      val_loss: [0.6, 0.5, 1, 2],
      val_accuracy: [0.6, 0.7, 0.5, 0.5],
    };
    const { codes, en } = found({ curves });
    expect(codes[0]).toBe('worse_than_guessing');
    // ln 2 of two classes
    expect(en).toContain('0.693');
  });

  it.each([
    ['too low', 0.000001, 'raise_rate'],
    ['too high', 0.1, 'lower_rate'],
  ])('tells a learning rate that is %s from a loss that does not move', (_, learningRate, first) => {
    const curves = {
      train_loss: line(0.7, 0.69, 8),
      train_accuracy: line(0.5, 0.51, 8),
      val_loss: line(0.7, 0.695, 8),
      val_accuracy: line(0.5, 0.51, 8),
    };
    const { codes, tries } = found({ curves, values: { learningRate } });
    expect(codes.slice(0, 2)).toEqual(['at_chance', 'barely_moving']);
    expect(tries[0]).toBe(first);
  });

  it('does not blame a usual rate, nor a few batches', () => {
    const flat = { train_loss: line(0.7, 0.69, 8), val_accuracy: line(0.7, 0.71, 8), val_loss: line(0.7, 0.69, 8) };
    const { findings } = found({ curves: flat, values: { learningRate: 0.001 } });
    expect(findings[0]?.says.en.text).toBe('The training loss hardly moved, from 0.7 at epoch 1 to 0.69 at epoch 8.');
    expect(found({ curves: { loss: [0.7, 0.69] } }).codes).not.toContain('barely_moving');
    expect(found({ curves: { loss: line(0.7, 0.69, 40) } }).codes).toContain('barely_moving');
  });

  it('does not ask for more epochs or a larger model where that would not help', () => {
    const learned = [...line(0.5, 0.9, 5), ...line(0.95, 0.99, 15)];
    expect(found({ curves: { ...FLAT, train_accuracy: learned } }).tries).not.toContain('bigger_model');
    const curves = {
      ...FLAT,
      train_accuracy: line(0.5, 0.72, 20),
      val_accuracy: [...line(0.5, 0.71, 5), ...line(0.71, 0.705, 15)],
    };
    expect(found({ curves }).tries).toContain('bigger_model');
    expect(found({ curves }).tries).not.toContain('more_epochs');
  });

  it('takes the most frequent class for guessing', () => {
    const curves = { ...RISING, val_accuracy: line(0.85, 0.9, 10) };
    expect(found({ curves, images: { cat: 3600, dog: 400 } }).codes).toContain('at_chance');
    expect(found({ curves }).codes).not.toContain('at_chance');
  });

  it('speaks of few images and training from scratch only where that is so', () => {
    expect(found({ curves: FLAT, images: { cat: 60, dog: 50 } }).codes).toContain('from_scratch');
    const pretrained = { curves: FLAT, values: { pretrained: true }, result: { weightsSource: 'timm' } };
    expect(found({ ...pretrained, images: { cat: 60, dog: 50 } }).codes).toContain('few_images');
    expect(found({ ...pretrained, images: { cat: 600, dog: 500 } }).codes).toEqual(['plateau']);
    const { findings } = found({ curves: FLAT, values: { pretrained: true }, images: { cat: 60, dog: 50 } });
    expect(findings.find(({ code }) => code === 'from_scratch')?.says.ko.text).toContain('사전학습 가중치를 받지 못해');
  });

  it('tells uneven classes with the recall of the smallest', () => {
    const { codes, findings } = found({ curves: FLAT, images: { cat: 2000, dog: 300 } });
    expect(codes).toContain('imbalanced');
    expect(findings.find(({ code }) => code === 'imbalanced')?.says.en.text).toBe(
      'The classes are uneven: “cat” has 2,000 images and “dog” 300, of which the model finds 95.0%.',
    );
    expect(found({ curves: FLAT, images: { cat: 2000, dog: 600 } }).codes).not.toContain('imbalanced');
  });

  it('blames a frozen backbone where not even the training images are learned', () => {
    const curves = {
      ...FLAT,
      train_accuracy: line(0.5, 0.72, 20),
      val_accuracy: [...line(0.5, 0.71, 5), ...line(0.71, 0.705, 15)],
    };
    expect(found({ curves, values: { freezeBackbone: true } }).codes).toContain('frozen_backbone');
    expect(found({ curves }).codes).toContain('underfitting');
  });

  it('notices images that are shrunk much', () => {
    expect(found({ curves: FLAT, imageSide: 500 }).codes).toContain('small_images');
    expect(found({ curves: FLAT, imageSide: 40 }).codes).not.toContain('small_images');
  });

  it('is content with an accuracy at which labels are as often wrong', () => {
    const curves = { ...RISING, train_accuracy: line(0.7, 0.99, 10), val_accuracy: line(0.7, 0.98, 10) };
    const { codes, ko, tries } = found({ curves });
    expect(codes).toEqual(['near_ceiling']);
    expect(ko).toBe('이미 98.0%예요. 검증 이미지 100장 중 틀린 것은 2장뿐이라 더 오를 자리가 거의 없어요.');
    expect(tries).toEqual(['check_labels']);
  });

  it('says nothing of a run without any curve', () => {
    expect(found({}).codes).toEqual([]);
  });
});

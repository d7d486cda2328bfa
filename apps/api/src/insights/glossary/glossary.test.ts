import { describe, expect, it } from 'vitest';
import { findWord, GLOSSARY } from './glossary.js';

describe('the glossary', () => {
  it('finds each word by each of its names, in both languages', () => {
    for (const entry of GLOSSARY) {
      for (const name of [entry.term, entry.ko, ...entry.aliases])
        expect([name, findWord(name)?.term]).toEqual([name, entry.term]);
    }
  });

  it.each([
    ['학습률이 뭐야?', 'learning rate'],
    ['데이터증강은 왜 해?', 'data augmentation'],
    ['What is a learning-rate scheduler?', 'scheduler'],
    ['explain label_smoothing', 'label smoothing'],
    ['혼합 정밀도가 뭐예요', 'mixed precision'],
    ['정밀도가 뭐예요', 'precision'],
    ['what does F1 mean', 'F1 score'],
    ['LR?', 'learning rate'],
  ])('knows what “%s” is about', (question, term) => {
    expect(findWord(question)?.term).toBe(term);
  });

  it('has every word that the intent parser names', () => {
    const named =
      'epoch, batch size, learning rate, image size, weight decay, momentum, dropout, label smoothing, seed, early stopping, warmup, validation split, parameters, optimizer, learning rate schedule, adam, adamw, sgd, rmsprop, cosine schedule, step schedule, linear schedule, plateau schedule, mixed precision, bfloat16, int8, augmentation, transfer learning, fine-tuning, training from scratch, freezing the backbone, backbone, linear probing, quantization, hyperparameter search, classification, object detection, segmentation, anomaly detection, champion, candidate, accuracy, loss, overfitting, underfitting, map, f1, recall, precision, confusion matrix, gradient, gradient descent, backpropagation, regularization, normalization, batch normalization, learning curve, iou, roc, auc, hyperparameter, convolution, attention, transformer, onnx, checkpoint, inference, convergence, class imbalance, cross validation, softmax, activation, embedding, nms, anchor, pruning, distillation, bounding box, feature map, anomaly score, error';
    expect(named.split(', ').filter((word) => !findWord(word))).toEqual([]);
    expect(findWord('batch normalization')?.term).toBe('batch normalization');
    expect(findWord('gradient descent')?.term).toBe('gradient descent');
  });

  it.each(['what is a flerbl', '', 'maple trees in runtime', '안녕하세요'])('has nothing for “%s”', (question) => {
    expect(findWord(question)).toBeUndefined();
  });
});

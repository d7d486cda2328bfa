import { describe, expect, it } from 'vitest';
import { withParticle, withRo } from './wording.js';

describe('particles', () => {
  it.each([
    ['고양이', '고양이는'],
    ['빵', '빵은'],
    ['cats', 'cats는'],
    ['resnet50', 'resnet50은'],
    ['yolo11n', 'yolo11n은'],
  ])('%s → %s', (word, expected) => expect(withParticle(word, '은', '는')).toBe(expected));

  it.each([
    ['0', '0으로'],
    ['5000', '5000으로'],
    ['2.5', '2.5로'],
    ['-1', '-1로'],
    ['resnet18', 'resnet18로'],
    ['yolo11n', 'yolo11n으로'],
    ['서울', '서울로'],
    ['빵', '빵으로'],
  ])('%s → %s', (word, expected) => expect(withRo(word)).toBe(expected));
});

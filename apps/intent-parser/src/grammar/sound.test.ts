import { describe, expect, it } from 'vitest';
import { soundsOfHangul, soundsOfLatin } from './sound.js';

const sharesSound = (hangul: string, latin: string) => {
  const heard = soundsOfLatin(latin);
  return soundsOfHangul(hangul).some((sound) => heard.includes(sound));
};

describe('a loanword', () => {
  it.each([
    ['블리스터', 'blister'],
    ['머핀', 'muffin'],
    ['베이글', 'bagel'],
    ['브릿지', 'bridge'],
    ['렌즈', 'lens'],
    ['로봇', 'robot'],
    ['유퍼넷', 'upernet'],
  ])('%s sounds like %s', (hangul, latin) => {
    expect(sharesSound(hangul, latin)).toBe(true);
  });

  it.each([
    ['머핀', 'bagel'],
    ['고양이', 'cat'],
    ['풀어', 'flower'],
    ['크다', 'cat'],
    ['써줘', 'sky'],
  ])('%s does not sound like %s', (hangul, latin) => {
    expect(sharesSound(hangul, latin)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { conjugate } from './conjugation.js';
import { endings } from './endings.js';

describe('a Korean verb', () => {
  it.each([
    ['멈추다', ['멈추', '멈춰', '멈췄', '멈춘', '멈출', '멈춤', '멈춥']],
    ['하다', ['하', '해', '했', '하여', '한', '할', '함', '합']],
    ['되다', ['돼', '됐', '되어', '되었', '된', '될']],
    ['끄다', ['꺼', '껐', '끈', '끌']],
    ['고르다', ['고르', '골라', '골랐', '고른']],
    ['빠르다', ['빨라', '빨랐', '빠른']],
    ['만들다', ['만들어', '만들었', '만드는', '만드세', '만든', '만듭']],
    ['가볍다', ['가볍', '가벼워', '가벼웠', '가벼운']],
    ['돕다', ['도와', '도왔', '도운']],
    ['잡다', ['잡아', '잡았', '잡은', '잡을']],
    ['낫다', ['나아', '나았', '나은']],
    ['빼다', ['빼', '뺐', '뺀', '뺄']],
  ])('%s has the forms that endings hang on', (verb, forms) => {
    expect(conjugate(verb)).toEqual(expect.arrayContaining(forms));
  });

  it('has no form that is no word', () => {
    expect(conjugate('멈추다')).not.toContain('멈춰어');
    expect(conjugate('낫다')).not.toContain('낫아');
    expect(conjugate('가볍다')).not.toContain('가볍아');
  });
});

describe('endings', () => {
  it.each([
    '해줄래',
    '해주십시오',
    '해주실래요',
    '시켜보고',
    '하려고요',
    '하고싶은데',
    '했으면',
    '할까요',
    '하지만',
    '됐는데',
    '돼버렸어',
    '해놔',
    '드릴게요',
  ])('%s hangs on a word', (ending) => {
    expect(endings.has(ending)).toBe(true);
  });
});

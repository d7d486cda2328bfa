/**
 * Korean verbs and adjectives from their dictionary form: 멈추다 → 멈추, 멈춰, 멈췄, 멈춘, 멈출, 멈춤, 멈춥. Endings that
 * keep their syllables (고, 지, 는데 …) follow one of these as words of their own, so that a stem has seven forms and not
 * hundreds. The rules are those of the 한글 맞춤법, chapters 15 to 18 and 34 to 36; es-hangul, the library for Hangul,
 * takes syllables apart but does not conjugate.
 */

const FIRST = 0xac00;
const VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const FINALS = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';

type Syllable = { lead: number; vowel: string; final: string };

function split(char: string): Syllable {
  const code = char.charCodeAt(0) - FIRST;
  return {
    lead: Math.floor(code / 588),
    vowel: VOWELS[Math.floor((code % 588) / 28)] ?? 'ㅏ',
    final: FINALS[code % 28] ?? ' ',
  };
}

function join({ lead, vowel, final }: Syllable): string {
  return String.fromCharCode(FIRST + (lead * 21 + VOWELS.indexOf(vowel)) * 28 + FINALS.indexOf(final));
}

/** The word with another vowel or final consonant in its last syllable. */
function withLast(word: string, change: Partial<Syllable>): string {
  return word.slice(0, -1) + join({ ...split(word.slice(-1)), ...change });
}

const isBright = (vowel: string | undefined) => vowel === 'ㅏ' || vowel === 'ㅗ' || vowel === 'ㅑ';

// What the last consonant does before a vowel is a matter of the word, not of its spelling.
const P_STAYS = [
  '잡',
  '뽑',
  '씹',
  '좁',
  '접',
  '입',
  '집',
  '꼽',
  '업',
  '붙잡',
  '사로잡',
  '다잡',
  '바로잡',
  '넓',
  '밟',
  '없',
];
const T_SOFTENS = ['듣', '걷', '싣', '깨닫', '일컫', '긷', '묻'];
const S_FALLS = ['낫', '짓', '잇', '붓', '긋', '젓'];
const endsWithOneOf = (stem: string, list: string[]) => list.some((word) => stem.endsWith(word));

const CONTRACTED: Record<string, string> = { ㅗ: 'ㅘ', ㅜ: 'ㅝ', ㅣ: 'ㅕ', ㅚ: 'ㅙ' };
const STAYS_OPEN = new Set(['ㅏ', 'ㅓ', 'ㅐ', 'ㅔ', 'ㅕ', 'ㅖ']);

/** The form before 서, 야, 도, 줘: 바꾸 → 바꿔, 빠르 → 빨라, 끄 → 꺼, 찾 → 찾아. */
function infinitives(stem: string): string[] {
  if (stem.endsWith('놓')) return [`${stem}아`, `${stem.slice(0, -1)}놔`];
  const last = split(stem.slice(-1));
  const before = stem.length > 1 ? split(stem.slice(-2, -1)) : undefined;
  if (stem.endsWith('하')) return [`${stem.slice(0, -1)}해`, `${stem}여`];
  if (last.final !== ' ') return [stem + (isBright(last.vowel) ? '아' : '어')];
  if (stem.endsWith('르') && before && before.final === ' ' && !endsWithOneOf(stem, ['따르', '들르', '치르'])) {
    const doubled = withLast(stem.slice(0, -1), { final: 'ㄹ' });
    return [doubled + (isBright(before.vowel) ? '라' : '러')];
  }
  if (last.vowel === 'ㅡ') return [withLast(stem, { vowel: isBright(before?.vowel) ? 'ㅏ' : 'ㅓ' })];
  if (STAYS_OPEN.has(last.vowel)) return [stem];
  const vowel = CONTRACTED[last.vowel];
  const open = stem + (isBright(last.vowel) ? '아' : '어');
  return vowel ? [withLast(stem, { vowel }), open] : [open];
}

/**
 * The forms of a dictionary form (…다) to which endings are attached without a further change of sound, the stem first.
 */
export function conjugate(dictionaryForm: string): string[] {
  const stem = dictionaryForm.slice(0, -1);
  const { final } = split(stem.slice(-1));
  let soft = stem;
  let vowelForms: string[];
  if (final === 'ㅂ' && !endsWithOneOf(stem, P_STAYS)) {
    const open = withLast(stem, { final: ' ' });
    soft = `${open}우`;
    vowelForms = [open + (endsWithOneOf(stem, ['돕', '곱']) ? '와' : '워')];
  } else if (final === 'ㄷ' && endsWithOneOf(stem, T_SOFTENS)) {
    soft = withLast(stem, { final: 'ㄹ' });
    vowelForms = infinitives(soft);
  } else if (final === 'ㅅ' && endsWithOneOf(stem, S_FALLS)) {
    soft = withLast(stem, { final: ' ' });
    vowelForms = [soft + (isBright(split(stem.slice(-1)).vowel) ? '아' : '어')];
  } else vowelForms = infinitives(stem);

  const past = vowelForms.map((form) => withLast(form, { final: 'ㅆ' }));
  const forms = [stem, ...vowelForms, ...past];
  const takesConsonant = soft.endsWith('우') ? soft : stem;
  if (split(takesConsonant.slice(-1)).final === ' ') {
    for (const consonant of ['ㄴ', 'ㄹ', 'ㅁ', 'ㅂ']) forms.push(withLast(takesConsonant, { final: consonant }));
  } else if (final === 'ㄹ') {
    // 만들다: 만드는, 만드세요, 만든, 만들, 만듦, 만듭니다
    const open = withLast(stem, { final: ' ' });
    for (const ending of ['는', '시', '세', '니']) forms.push(open + ending);
    for (const consonant of ['ㄴ', 'ㄻ', 'ㅂ']) forms.push(withLast(stem, { final: consonant }));
  } else for (const ending of ['은', '을', '음']) forms.push(soft + ending);
  return [...new Set(forms)];
}

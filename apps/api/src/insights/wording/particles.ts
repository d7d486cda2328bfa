/** A particle in its dictionary form, at the start of what follows a word; a closing quotation mark may stand before it. */
const PARTICLE = /^([”’]?)(은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로|\(이\)에요)/;

const FORMS: Record<string, [afterConsonant: string, afterVowel: string]> = {
  '은(는)': ['은', '는'],
  '이(가)': ['이', '가'],
  '을(를)': ['을', '를'],
  '과(와)': ['과', '와'],
  '(이)에요': ['이에요', '예요'],
};

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
/** Finals of a Hangul syllable; 0 is none. */
const FINALS = 28;
const RIEUL = 8;

/** How a word ends when it is read aloud in Korean: digits by their Sino-Korean reading, letters by their names. */
function endingOf(word: string): 'vowel' | 'rieul' | 'consonant' {
  const last = word.replace(/[\s)\]”’"'.]+$/u, '').at(-1) ?? '';
  const code = last.charCodeAt(0);
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const final = (code - HANGUL_FIRST) % FINALS;
    return final === 0 ? 'vowel' : final === RIEUL ? 'rieul' : 'consonant';
  }
  if (/[178lr]/i.test(last)) return 'rieul';
  return /[036mn]/i.test(last) ? 'consonant' : 'vowel';
}

/** `text`, its leading particle in the form that fits the word before it: 은(는) after “resnet18” is 은. */
export function fitParticle(word: string, text: string): string {
  const [whole = '', quote = '', particle = ''] = PARTICLE.exec(text) ?? [];
  if (!whole) return text;
  const ending = endingOf(word);
  const rest = text.slice(whole.length);
  if (particle === '(으)로') return quote + (ending === 'consonant' ? '으로' : '로') + rest;
  const [afterConsonant, afterVowel] = FORMS[particle] ?? ['', ''];
  return quote + (ending === 'vowel' ? afterVowel : afterConsonant) + rest;
}

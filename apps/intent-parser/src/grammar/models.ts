import { nameKey } from '@mallo/zoo';
import { withConfiguration } from './config-names.js';
import { koreanNumber } from './korean.js';
import {
  conceptsByForm,
  correctFamily,
  correctHangul,
  correctLatin,
  correctPart,
  type Family,
  families,
  latinByForm,
  singulars,
  subjectsByForm,
  words,
} from './lexicon.js';
import { memberOfSize, memberOfSuffix, SIZES } from './model-members.js';
import type { ModelMention } from './model-mention.js';
import { beginsSomeName, type NameTarget, nameTargets } from './model-names.js';
import { soundsOfHangul, soundsOfLatin } from './sound.js';
import { has, type Term } from './terms.js';
import type { Token } from './tokens.js';

type NamePiece = { latin: string; tokens: number };

// "efficient net bee three"
const LETTERS: Record<string, string> = {
  엠: 'm',
  엔: 'n',
  엘: 'l',
  에스: 's',
  엑스: 'x',
  비: 'b',
  브이: 'v',
  bee: 'b',
  vee: 'v',
  en: 'n',
  em: 'm',
  ess: 's',
  ex: 'x',
  el: 'l',
  tee: 't',
};

/** Families by what their names sound like in Hangul: 유퍼넷. */
const familyBySound = new Map(
  families.flatMap(({ forms: [name = ''] }) => soundsOfLatin(name).map((sound) => [sound, name] as const)),
);

/** What a token adds to a model's name, `inside` of which it stands; several tokens may be one transliterated word. */
function namePieces(tokens: Token[], at: number, inside: boolean): NamePiece[] {
  const token = tokens[at];
  if (!token || token.text.length > 40) return [];
  const pieces: NamePiece[] = [];
  const letter = inside ? LETTERS[token.text] : undefined;
  if (letter) pieces.push({ latin: letter, tokens: 1 });
  if (token.kind === 'latin') {
    pieces.push({ latin: token.text, tokens: 1 });
    const singular = token.text.replace(/s$/, '');
    if (singular !== token.text && !nameTargets.has(token.text) && nameTargets.get(singular)?.family)
      pieces.unshift({ latin: singular, tokens: 1 });
    const version = tokens[at + 1]?.kind === 'number' ? /^(.+)v$/.exec(token.text)?.[1] : undefined;
    const stem = version && correctFamily(version);
    if (stem) pieces.push({ latin: `${stem}v`, tokens: 1 });
    const corrected = correctFamily(token.text);
    if (corrected) pieces.push({ latin: corrected, tokens: 1 });
    const spoken = words.numbersEn[token.text];
    const ones = words.numbersEn[tokens[at + 1]?.text ?? ''] ?? 0;
    if (spoken !== undefined && spoken >= 20 && spoken % 10 === 0 && ones > 0 && ones < 10)
      pieces.push({ latin: String(spoken + ones), tokens: 2 });
    if (spoken !== undefined && (spoken > 9 || inside)) pieces.push({ latin: String(spoken), tokens: 1 });
    const latin = latinByForm.get(token.text);
    if (latin) pieces.push({ latin, tokens: 1 });
  } else if (token.kind === 'number') {
    const digits = /^\d/.test(token.text) ? token.text.replace('.', '') : koreanNumber(token.text)?.toString();
    if (digits) pieces.push({ latin: digits, tokens: 1 });
  } else if (token.text === '+') {
    pieces.push({ latin: 'plus', tokens: 1 });
  }
  let hangul = '';
  for (let i = at; i < Math.min(tokens.length, at + 3); i += 1) {
    hangul += tokens[i]?.text ?? '';
    const latin = latinByForm.get(hangul);
    if (latin) pieces.unshift({ latin, tokens: i - at + 1 });
  }
  if (pieces.length === 0 && token.kind === 'unknown') {
    const heard = soundsOfHangul(token.text).find((sound) => sound.length > 3 && familyBySound.has(sound));
    const corrected = latinByForm.get(correctHangul(token.text) ?? '') ?? familyBySound.get(heard ?? '');
    if (corrected) pieces.push({ latin: corrected, tokens: 1 });
  }
  return pieces;
}

const JOINERS = new Set(['-', '_', '.', '/', '(', '의']);
const LONGEST_NAME_TOKENS = 24;

type Match = { to: number; target: NameTarget; numberAlone: boolean };

/** All names that the tokens from `at` spell, the shortest first. */
function matchesAt(tokens: Token[], at: number): Match[] {
  const matches: Match[] = [];
  let key = '';
  for (let i = at; i < Math.min(tokens.length, at + LONGEST_NAME_TOKENS); ) {
    const token = tokens[i];
    if (!token) break;
    if (i > at && JOINERS.has(token.text)) {
      i += 1;
      continue;
    }
    const piece = namePieces(tokens, i, i > at).find((candidate) => beginsSomeName(key + candidate.latin));
    if (!piece) break;
    key += piece.latin;
    i += piece.tokens;
    const target = nameTargets.get(key);
    if (target)
      matches.push({
        to: i,
        target,
        numberAlone:
          (token.kind === 'number' || words.numbersEn[token.text] !== undefined) &&
          (token.spaced || tokens[i - piece.tokens - 1]?.text === '('),
      });
  }
  return matches;
}

const UNITS = ['hp.epochs', 'unit.pixel', 'hp.numClasses', 'hp.maxHours', 'hp.maxMinutes', 'hp.gpuCount', 'hp.trials'];

function isUnit(token: Token | undefined): boolean {
  return (conceptsByForm.get(token?.text ?? '') ?? []).some((id) => UNITS.includes(id));
}

/** resnet50epochs, resnet18-classifier: what follows is a word of its own. */
function isSetting(text: string): boolean {
  return text.length > 1 && conceptsByForm.has(text);
}

// What may hang on a model's name without being part of it.
const AFTER_NAME = new Set([
  'based',
  'style',
  'like',
  'model',
  'models',
  'backbone',
  'network',
  'classifier',
  's',
  'epochs',
  'epoch',
]);

/** Where a name that goes on beyond what is known ends: resnet|57, efficientnet|_b|9; `to` where it does not. */
function goesOnTo(tokens: Token[], to: number): number {
  let end = to;
  for (let i = to; i < Math.min(tokens.length, to + LONGEST_NAME_TOKENS); i += 1) {
    const token = tokens[i];
    if (!token || token.spaced) break;
    if (token.text === '-' || token.text === '_') continue;
    if (token.kind !== 'latin' && !(token.kind === 'number' && /^\d/.test(token.text))) break;
    // yolov8n50에폭
    if (token.kind === 'number' && isUnit(tokens[i + 1])) break;
    if (token.kind === 'latin' && (AFTER_NAME.has(token.text) || isSetting(token.text))) break;
    end = i + 1;
  }
  return end;
}

function asWritten(tokens: Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map((token, i) => (i > 0 && token.spaced ? ' ' : '') + token.text)
    .join('');
}

const NOT_MODELS = new Set(['인터넷', '이미지넷', '캐비넷', '퍼포머']);
const LOOKS_LIKE_MODEL = /(?:net|former|yolo|rcnn|vit)[-_]?v?\d*(?:[-_][a-z]+|[-_]?[a-z]?)\d*$/;

/** resnet5O, yolov8n with an l for a 1: letters typed for digits in a name that is right otherwise. */
function withDigits(text: string): string | undefined {
  const name = nameKey(text)
    .replace(/(?<=\d)o/g, '0')
    .replace(/(?<=\d)[il]/g, '1');
  return nameTargets.get(name)?.name;
}

function mentionAt(tokens: Token[], at: number): ModelMention | undefined {
  const token = tokens[at];
  if (!token || token.kind === 'number' || token.kind === 'symbol' || token.kind === 'particle') return undefined;
  // "ninety" alone is no name.
  if (words.numbersEn[token.text] !== undefined) return undefined;
  const before = tokens[at - 1];
  if (token.kind === 'latin' && before && !token.spaced && ['latin', 'number'].includes(before.kind)) return undefined;
  const matches = matchesAt(tokens, at);
  let match = matches.at(-1);
  // "resnet 50 epochs" is a ResNet for 50 epochs, "resnet50 epochs" is not.
  // So is "레즈넷 삼십사 에폭 칠십", where the epochs have a number of their own.
  const unit = match && isUnit(tokens[match.to]) && tokens[match.to + 1]?.kind !== 'number';
  if (match?.numberAlone && unit && matches.length > 1) match = matches.at(-2);
  if (match) {
    const { target, to } = match;
    const end = goesOnTo(tokens, to);
    if (end > to) {
      const text = asWritten(tokens, at, end);
      return { from: at, to: end, name: withDigits(text), familyOnly: false, family: target.family, text };
    }
    if (!target.name && target.family) {
      const loose = looseNumberAfter(tokens, to, target.family);
      if (loose > to)
        return { from: at, to: loose, familyOnly: false, family: target.family, text: asWritten(tokens, at, loose) };
    }
    const text = asWritten(tokens, at, to);
    if (target.name) return { from: at, to, name: target.name, familyOnly: false, family: target.family, text };
    return { from: at, to, name: target.family?.default ?? undefined, familyOnly: true, family: target.family, text };
  }
  if (token.kind === 'unknown' && /..(넷|포머)$/.test(token.text) && !NOT_MODELS.has(token.text)) {
    const end = Math.max(at + 1, goesOnTo(tokens, at + 1));
    return { from: at, to: end, familyOnly: false, text: asWritten(tokens, at, end) };
  }
  if (
    token.kind !== 'latin' ||
    conceptsByForm.has(token.text) ||
    singulars(token.text).some((form) => subjectsByForm.has(form))
  )
    return undefined;
  // "segmnet" is a slip, not a network.
  const slip = correctLatin(token.text) ?? correctPart(token.text);
  if (slip && !singulars(token.text).includes(slip)) return undefined;
  const end = wordEnd(tokens, at);
  const text = asWritten(tokens, at, end);
  // "vitt_superb for cats"
  const isIdentifier = text.includes('_') && ['for', 'on', '로', '으로'].includes(tokens[end]?.text ?? '');
  if (text.length < 5 || text.length > 60 || !(isIdentifier || LOOKS_LIKE_MODEL.test(text))) return undefined;
  return { from: at, to: end, name: withDigits(text), familyOnly: false, text };
}

/** Where a word with its hyphens and digits ends: superduper-net_v2. */
function wordEnd(tokens: Token[], at: number): number {
  let end = at + 1;
  for (let i = at + 1; i < Math.min(tokens.length, at + LONGEST_NAME_TOKENS); i += 1) {
    const token = tokens[i];
    if (!token || token.spaced) break;
    if (token.kind === 'latin' || (token.kind === 'number' && /^\d+$/.test(token.text))) end = i + 1;
    else if (token.text !== '-' && token.text !== '_') break;
  }
  return end;
}

/** "resnet 57", "efficientnet b 9": a number behind a family that is neither a unit's nor a size in pixels. */
function looseNumberAfter(tokens: Token[], to: number, family: Family): number {
  const first = tokens[to];
  const second = tokens[to + 1];
  if (
    first?.kind === 'number' &&
    /^\d+$/.test(first.text) &&
    !isUnit(second) &&
    !['%', 'x', '개', '장'].includes(second?.text ?? '')
  ) {
    const isPixels = Number(first.text) >= 128 && Number(first.text) % 32 === 0;
    return family.yolo && isPixels ? to : to + 1;
  }
  if (
    first?.kind === 'latin' &&
    !conceptsByForm.has(first.text) &&
    /[\d_]/.test(asWritten(tokens, to, wordEnd(tokens, to))) &&
    first.text.length > 2
  ) {
    return wordEnd(tokens, to);
  }
  if (
    first?.kind === 'latin' &&
    first.text.length <= 2 &&
    second?.kind === 'number' &&
    !second.spaced &&
    /^\d+$/.test(second.text)
  ) {
    return conceptsByForm.has(first.text) || conceptsByForm.has(first.text + second.text) || isUnit(tokens[to + 2])
      ? to
      : to + 2;
  }
  return to;
}

/** "small YOLO", "작은 비트", "convnext 작은 걸로": the size beside a family's name picks its member. */
function withSize(mention: ModelMention, terms: Term[], tokens: Token[], termOfToken: number[]): ModelMention {
  const { family } = mention;
  if (!mention.familyOnly || !family) return mention;
  const first = termOfToken[mention.from] ?? 0;
  const behind = mention.to < tokens.length ? (termOfToken[mention.to] ?? -1) : -1;
  const before = terms.slice(Math.max(0, first - 3), first).reverse();
  const after = behind < 0 ? [] : terms.slice(behind, behind + 3);
  for (const side of [before, after]) {
    for (const term of side) {
      const size = SIZES.find((name) => has(term, `size.${name}`));
      const name = size && memberOfSize(family, size);
      if (name) {
        const from = Math.min(mention.from, term.from);
        const to = Math.max(mention.to, term.to);
        return { ...mention, from, to, name, familyOnly: false, text: asWritten(tokens, from, to) };
      }
      if (!term.empty && !has(term, 'want.fast', 'want.light', 'noun.model') && term.concepts.length === 0) break;
      if (term.text === '.' || term.text === ';') break;
    }
  }
  return mention;
}

/** "b2 efficientnet": the member's number in front of its family. */
function withSuffixBefore(mention: ModelMention, tokens: Token[]): ModelMention {
  const [letter, number] = [tokens[mention.from - 2], tokens[mention.from - 1]];
  if (!mention.familyOnly || !mention.name || letter?.kind !== 'latin' || !number || number.spaced) return mention;
  const name = memberOfSuffix(mention.name, letter.text + number.text);
  if (!name) return mention;
  const from = mention.from - 2;
  return { ...mention, from, name, familyOnly: false, text: asWritten(tokens, from, mention.to) };
}

/** "convnext humongous": a word nobody knows right behind a family's name is that of a member it does not have. */
function withStrangeMember(
  mention: ModelMention,
  terms: Term[],
  tokens: Token[],
  termOfToken: number[],
  isStrange: (term: Term) => boolean,
): ModelMention {
  const next = mention.familyOnly && mention.to < tokens.length ? terms[termOfToken[mention.to] ?? -1] : undefined;
  const word = tokens[mention.to];
  if (!next || !word?.spaced || !isStrange(next)) return mention;
  // "비트 울트라로"
  const behind = tokens.findIndex(
    (token, i) => i > mention.to && (token.spaced || ['로', '으로'].includes(token.text)),
  );
  const instrument = behind > 0 && !tokens[behind]?.spaced;
  if (word.kind === 'unknown' && instrument)
    return {
      ...mention,
      to: behind,
      name: undefined,
      familyOnly: false,
      text: asWritten(tokens, mention.from, behind),
    };
  if (!/^[a-z]{4,}$/.test(word.text)) return mention;
  const end = termOfToken[mention.to] === undefined ? undefined : terms[(termOfToken[mention.to] ?? 0) + 1];
  // "resnet thingamajig classifier" goes on; "resnet humongous on cats" has said its name.
  if (end && !end.empty && end.text !== 'v' && !has(end, 'pos.marker', 'and')) return mention;
  return {
    ...mention,
    to: next.to,
    name: undefined,
    familyOnly: false,
    text: asWritten(tokens, mention.from, next.to),
  };
}

/** The models a message names, in its order. */
export function findModels(
  tokens: Token[],
  terms: Term[],
  termOfToken: number[],
  isStrange: (term: Term) => boolean,
  chars: string,
  added: ReadonlyMap<number, ModelMention>,
): ModelMention[] {
  const mentions: ModelMention[] = [];
  for (let at = 0; at < tokens.length; ) {
    const own = added.get(at);
    if (own) {
      mentions.push(own);
      at = own.to;
      continue;
    }
    const found = mentionAt(tokens, at);
    const configured = found && withConfiguration(withSuffixBefore(found, tokens), tokens, terms, chars);
    const mention =
      configured === found && found
        ? withStrangeMember(withSize(found, terms, tokens, termOfToken), terms, tokens, termOfToken, isStrange)
        : configured;
    if (mention) mentions.push(mention);
    at = mention ? mention.to : at + 1;
  }
  return mentions;
}

import { readFileSync } from 'node:fs';
import type { FieldOrigin, Question, TaskType, TrainingIntent } from '@mallo/contracts';
import { lookup, type ZooEntry } from '@mallo/zoo';
import { forTask, inSource, memberOfSuffix, nearestNames, neighbour, SIZES, siblingOfSize } from './model-members.js';
import type { ModelMention } from './model-mention.js';
import { isNegated, isRejected } from './negation.js';
import { means, type Reading, says, spanOf } from './reading.js';
import { has } from './terms.js';
import { ask, say, withRo } from './wording.js';

type Usual = {
  usual: string;
  light: string;
  fast: string;
  accurate: string;
  ladder: string[];
  bySource: Record<string, string>;
};

const USUAL = JSON.parse(
  readFileSync(new URL('../../src/lexicon/usual-models.json', import.meta.url), 'utf8'),
) as Record<TaskType, Usual>;

export type ModelChoice = {
  /** The catalogue's entry of the model that was named. */
  named?: ZooEntry;
  /** Absent where no model was named, or an earlier turn did. */
  origin?: FieldOrigin;
  /** The name for a task: the YOLO of that task, where one was named. */
  nameFor(task: TaskType | undefined): string | undefined;
  questions(task: TaskType | undefined): Question[];
};

/** Tasks for which a model can be trained; a classifier's network is also the backbone of an anomaly detector. */
function canDo(entry: ZooEntry, task: TaskType): boolean {
  return entry.taskType === task || (task === 'anomaly_detection' && entry.taskType === 'classification');
}

function familyReason(reading: Reading, text: string, name: string): FieldOrigin {
  const sentence = {
    ko: '“{text}”의 크기를 말씀하지 않아 흔히 쓰는 {nameRo} 골랐어요',
    en: '“{text}” was named without a size; {name} is the usual one',
  };
  return { kind: 'default', reason: say(sentence, reading.language, { text, name, nameRo: withRo(name) }) };
}

/** The model that a message means, what is wrong with it, and where that was said. */
export function chooseModel(reading: Reading, base: TrainingIntent, task: TaskType | undefined): ModelChoice {
  const { language } = reading;
  const mentions = [
    ...new Map([...reading.models].reverse().map((mention) => [mention.text, mention])).values(),
  ].reverse();
  // A family named beside one of its members adds nothing: "YOLO, and of those yolov8n".
  const inFull = mentions.filter((mention) => !mention.familyOnly || isAlternative(reading, mention, mentions));
  // "swin tiny 허깅페이스 버전 (microsoft/swin-tiny…)": the name in the source that is said is the one meant.
  const ofSource = inFull.filter(
    (mention) => reading.source && mention.name && lookup(mention.name)?.source === reading.source,
  );
  const members = ofSource.length === 1 && inFull.length > 1 ? ofSource : inFull;
  // "forget resnet50, use swin tiny": of two, the one that is set already is what is given up.
  const others = members.filter((mention) => mention.name !== base.modelName);
  // "resnet50으로 … 아 아니다 resnet34로": who corrects a name means the last.
  const [firstNamed, lastNamed] = [members[0], members.at(-1)];
  const corrected =
    firstNamed &&
    lastNamed &&
    reading.terms.some(
      (term) =>
        (has(term, 'correction') || ['no', 'nope'].includes(term.text)) &&
        term.from >= firstNamed.to &&
        term.to <= lastNamed.from,
    );
  const exact = others.length === 1 ? others : corrected ? members.slice(-1) : members;
  const mention = exact[0] ?? mentions[0];
  const limit = reading.fields.maxParamsM;

  const resized = mention ? undefined : otherSize(reading, base);
  if (resized) {
    const origin: FieldOrigin = { kind: 'message', span: spanOf(reading, resized.from, resized.to) };
    return { named: lookup(resized.name), origin, nameFor: () => resized.name, questions: () => [] };
  }
  if (!mention) {
    const earlier = base.modelName ? reading.trainable.lookup(base.modelName, base.modelSource) : undefined;
    return {
      named: undefined,
      nameFor: () => base.modelName,
      questions: (now) => {
        if (!earlier || !now || canDo(earlier, now) || lookup(forTask(earlier.name, now))?.taskType === now) return [];
        return [ask.modelOfOtherTask(language, earlier.name, now, alternatives(now))];
      },
    };
  }
  const asSaid = reading.message.slice(...spanOf(reading, mention.from, mention.to));
  if (!mention.name) {
    // A name in Hangul is like no name of the catalogue; its family's spelling is.
    const written = /[a-z]/.test(mention.text) ? mention.text : mention.family?.forms[0];
    const options = written
      ? nearestNames(written, mention.family ? undefined : task)
      : alternatives(task ?? 'classification');
    return { nameFor: () => undefined, questions: () => [ask.unknownModel(language, asSaid, options)] };
  }
  const sourced = reading.source ? inSource(mention, reading.source) : mention.name;
  if (!sourced) {
    return {
      nameFor: () => undefined,
      questions: () => [ask.unknownModel(language, `${reading.source} ${asSaid}`, nearestNames(mention.text))],
    };
  }
  // "efficientnet_b0, 잠깐 b2로 하자"
  const revised = bySuffix(reading, mention.name);
  if (revised && revised.from >= mention.to && says(reading, 'correction'))
    return {
      named: lookup(revised.name),
      origin: { kind: 'message', span: spanOf(reading, revised.from, revised.to) },
      nameFor: () => revised.name,
      questions: () => [],
    };
  const name = byWish(reading, mention.familyOnly ? mention.family?.sizes : undefined) ?? sourced;
  const span = spanOf(reading, mention.from, mention.to);
  const origin: FieldOrigin = mention.familyOnly
    ? familyReason(reading, mention.text, name)
    : { kind: 'message', span };
  const named = reading.trainable.lookup(name, reading.source) ?? reading.trainable.lookup(name);
  return {
    named,
    origin,
    nameFor: (now) => (now ? forTask(name, now) : name),
    questions: (now) => {
      const several = [...new Set(exact.map((other) => other.name))].filter((other) => other !== undefined);
      if (several.length > 1) return [ask.whichModel(language, several)];
      if (limit !== undefined && named?.paramsM && named.paramsM > limit && !mention.familyOnly) {
        return [ask.modelTooLarge(language, name, named.paramsM, limit, now ? alternatives(now, limit) : [])];
      }
      const fitted = now ? reading.trainable.lookup(forTask(name, now)) : undefined;
      if (now && named && fitted && !canDo(fitted, now))
        return [ask.modelOfOtherTask(language, name, now, alternatives(now))];
      return [];
    },
  };
}

/** The unet of "yolov8n or unet": a family beside a member of another, as the other choice. */
function isAlternative({ terms }: Reading, mention: ModelMention, all: readonly ModelMention[]): boolean {
  return all.some((other) => {
    if (other.familyOnly || other.name === undefined || mention.name === undefined) return false;
    const [first, second] = other.from < mention.from ? [other, mention] : [mention, other];
    const between = terms.filter((term) => term.from >= first.to && term.to <= second.from);
    const either =
      between.length > 0 && between.every((term) => ['or', '이나', '나', '아니면', '또는'].includes(term.text));
    return either && lookup(other.name)?.family !== lookup(mention.name)?.family;
  });
}

/** "the small version", "나노 말고 스몰로": the model of the turn before in another size. */
export function otherSize(
  reading: Reading,
  base: TrainingIntent,
): { name: string; from: number; to: number } | undefined {
  const known = base.modelName;
  if (!known || reading.models.length > 0) return undefined;
  for (const [at, term] of reading.terms.entries()) {
    // "224 is too small" is of the pictures.
    if (['too', '너무', '넘'].includes(reading.terms[at - 1]?.text ?? '')) continue;
    const size = SIZES.find((one) => has(term, `size.${one}`));
    const name: string | undefined = size && !isNegated(reading.terms, at) ? siblingOfSize(known, size) : undefined;
    // "a smaller batch" is of the batch.
    const ofSetting = [1, 2, -1, -2, -3].some((step) =>
      reading.terms[at + step]?.concepts.some((one) => /^(hp|noun\.image)/.test(one)),
    );
    if (name && name !== known && !ofSetting) return { name, from: term.from, to: term.to };
  }
  return bySuffix(reading, known) ?? comparative(reading, known);
}

/** "b3 rather than b0", "잠깐 b2로 하자": all that is said of the member is what its name ends in. */
function bySuffix(reading: Reading, known: string): { name: string; from: number; to: number } | undefined {
  for (const [at, term] of reading.terms.entries()) {
    const next = reading.terms[at + 1];
    if (!next?.number?.digits || reading.tokens[next.from]?.spaced) continue;
    const name = memberOfSuffix(known, term.text + next.text);
    if (name && !isRejected(reading.terms, at + 1)) return { name, from: term.from, to: next.to };
  }
  return undefined;
}

/** "더 가벼운 모델로", "something more accurate": the next smaller or larger member of the family of the turn before. */
function comparative(reading: Reading, known: string): { name: string; from: number; to: number } | undefined {
  const at = reading.terms.findIndex(
    (term, i) => has(term, 'want.light', 'want.accurate') && !isNegated(reading.terms, i),
  );
  const term = reading.terms[at];
  const changes =
    says(reading, 'noun.model', 'verb.try', 'verb.change', 'verb.make') && reading.fields.found.length === 0;
  if (!term || !changes) return undefined;
  const name = neighbour(known, has(term, 'want.light') ? -1 : 1);
  return name ? { name, from: term.from, to: term.to } : undefined;
}

/** A family's member for what is wished of it: light, accurate. */
function byWish(reading: Reading, sizes: Record<string, string> | undefined): string | undefined {
  if (!sizes) return undefined;
  if (means(reading, 'want.light')) return sizes.tiny ?? sizes.small;
  if (means(reading, 'want.accurate')) return sizes.large ?? sizes.base;
  return undefined;
}

function alternatives(task: TaskType, limit = Number.POSITIVE_INFINITY): string[] {
  const { usual, light, accurate, ladder } = USUAL[task];
  const small = (name: string) => (lookup(name)?.paramsM ?? 0) <= limit;
  return [...new Set([usual, light, accurate, ...ladder])].filter(small).slice(0, 3);
}

/** The model for a task where none was named, by what is wished of it, and why. */
export function usualModels(reading: Reading, task: TaskType): { name: string; reason: string } {
  const { language } = reading;
  const { usual, light, fast, accurate, ladder, bySource } = USUAL[task];
  const limit = reading.fields.maxParamsM;
  const because = (ko: string, en: string) => say({ ko, en }, language);
  if (limit !== undefined) {
    const name =
      ladder.find((model) => (lookup(model)?.paramsM ?? Number.POSITIVE_INFINITY) <= limit) ?? ladder.at(-1) ?? usual;
    return {
      name,
      reason: because(
        `파라미터 ${limit}M개 이하에서 가장 정확한 편이에요`,
        `Among the most accurate with at most ${limit}M parameters`,
      ),
    };
  }
  const ofSource = reading.source && bySource[reading.source];
  if (ofSource)
    return {
      name: ofSource,
      reason: because(`${reading.source}에서 흔히 쓰는 모델이에요`, `The usual model of ${reading.source}`),
    };
  if (means(reading, 'want.light', 'size.tiny', 'size.nano', 'size.small'))
    return {
      name: light,
      reason: because('작은 기기에서도 돌 만큼 가벼운 모델이에요', 'Light enough for small devices'),
    };
  if (means(reading, 'want.accurate', 'size.large', 'size.xlarge'))
    return { name: accurate, reason: because('정확도가 높은 모델이에요', 'Among the most accurate') };
  if (means(reading, 'want.fast')) return { name: fast, reason: because('빠르게 도는 모델이에요', 'It runs fast') };
  return {
    name: usual,
    reason: because(
      '모델을 말씀하지 않아, 빨리 학습되고 무난한 모델로 골랐어요',
      'No model was named; this one trains fast and does well',
    ),
  };
}

import { z } from 'zod';
import { because } from './because.js';

/** Text on one line, as PostgreSQL can hold it. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (text) => !/\p{Cc}/u.test(text) && text.isWellFormed(),
      because('must be text without control characters', '제어 문자가 없는 글이어야 합니다'),
    );

/** Characters without width, and those that turn the direction of writing, can deceive. */
export const isSeen = (text: string) =>
  // The fillers of Hangul are letters, and as little seen.
  !/[\p{Cf}\u115F\u1160\u3164\uFFA0]/u.test(text);
export const UNSEEN = because('must be text without invisible characters', '보이지 않는 문자가 없는 글이어야 합니다');

/** The same, of which all is seen. */
export const visibleLine = (max: number) => line(max).refine(isSeen, UNSEEN);

/** The same letters are always written in the same way; macOS writes Hangul in its parts. */
export const composed = (name: string) => name.normalize('NFC');
const isNoPath = (name: string) => !/(^|[/\\])\.{1,2}([/\\]|$)/.test(name);
const NO_PATH = because('must not be a path with “.” or “..”', '“.”이나 “..”이 든 경로는 쓸 수 없습니다');

/** A model's name, as one is asked for: a model that came another way may have any that is no path. */
export const ModelName = line(200).transform(composed).refine(isNoPath, NO_PATH);

/** A name as it is given here, in any script; the same letters are always written in the same way. */
const newName = (max: number) =>
  visibleLine(max)
    .refine(
      (name) => !/(?![©®™])\p{Extended_Pictographic}|\p{Emoji_Presentation}|\uFE0F/u.test(name),
      because('must be a name without emoji', '이모지가 없는 이름이어야 합니다'),
    )
    .transform(composed)
    .refine(isNoPath, NO_PATH);

export const NewModelName = newName(200);

/** The name of a project or a dataset. */
export const ResourceName = newName(100);

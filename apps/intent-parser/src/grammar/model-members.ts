import type { ModelSource, TaskType } from '@mallo/contracts';
import { catalogue, lookup, nameKey, nearest } from '@mallo/zoo';
import { type Family, families } from './lexicon.js';
import type { ModelMention } from './model-mention.js';

/** Words for sizes, the smallest first. */
export const SIZES = ['nano', 'tiny', 'small', 'medium', 'base', 'large', 'xlarge'];
const YOLO_LETTERS: Record<string, string> = {
  nano: 'n',
  tiny: 'n',
  small: 's',
  medium: 'm',
  base: 'm',
  large: 'l',
  xlarge: 'x',
};

/** The member of a family that a size word means. */
export function memberOfSize(family: Family, size: string): string | undefined {
  if (family.yolo) return `${family.yolo}${YOLO_LETTERS[size]}`;
  return family.sizes?.[size];
}

/** The member of another size of the family that a model is of: "the small version" of a yolov8n is yolov8s. */
export function siblingOfSize(name: string, size: string): string | undefined {
  const yolo = /^(yolov?\d+)[a-z](-[a-z]+)?$/.exec(name);
  if (yolo) {
    const sibling = `${yolo[1]}${YOLO_LETTERS[size]}${yolo[2] ?? ''}`;
    return lookup(sibling) ? sibling : undefined;
  }
  return families.find((family) => Object.values(family.sizes ?? {}).includes(name))?.sizes?.[size];
}

/** The member that differs from a model in its number: the 34 of a resnet50 is resnet34. */
export function memberOfNumber(name: string, value: number): string | undefined {
  const other = name.replace(/\d+/, String(value));
  return other !== name && lookup(other) ? other : undefined;
}

/** The member of another version letter and number: the b3 of an efficientnet_b0. */
export function memberOfSuffix(name: string, suffix: string): string | undefined {
  if (!/^[a-z]\d{1,2}$/.test(suffix)) return undefined;
  const own = new RegExp(`(?<![a-z\\d])${suffix[0]}\\d{1,2}(?!\\d)`);
  const other = name.replace(own, suffix);
  return other !== name && lookup(other) ? other : undefined;
}

/** The next smaller (-1) or larger (+1) member of a model's family, by its parameters. */
export function neighbour(name: string, step: 1 | -1): string | undefined {
  const yolo = /^(yolov?\d+)[a-z](-[a-z]+)?$/.exec(name);
  const family = families.find((one) => Object.values(one.sizes ?? {}).includes(name));
  const members = yolo
    ? ['n', 's', 'm', 'l', 'x'].map((letter) => `${yolo[1]}${letter}${yolo[2] ?? ''}`)
    : Object.values(family?.sizes ?? {});
  const bySize = [...new Set(members)]
    .filter((member) => lookup(member))
    .sort((a, b) => (lookup(a)?.paramsM ?? 0) - (lookup(b)?.paramsM ?? 0));
  const at = bySize.indexOf(name);
  return at < 0 ? undefined : bySize[at + step];
}

/** The same model in another source, where the message asks for one: a ViT of Hugging Face. */
export function inSource(mention: ModelMention, source: ModelSource): string | undefined {
  if (!mention.name) return undefined;
  if (lookup(mention.name)?.source === source) return mention.name;
  const named = mention.family?.bySource?.[source];
  if (named && (mention.familyOnly || nameKey(mention.family?.default ?? '') === nameKey(mention.name))) return named;
  const key = nameKey(mention.name);
  const names = catalogue
    .filter((model) => model.source === source && nameKey(model.name).endsWith(key))
    .map((model) => model.name);
  const own = names.find((name) => nameKey(name.slice(name.indexOf('/') + 1)) === key);
  return own ?? names.sort((a, b) => a.length - b.length)[0] ?? named;
}

/** The member of a YOLO for a task: yolov8n for classification is yolov8n-cls. */
export function forTask(name: string, taskType: TaskType): string {
  const entry = lookup(name);
  if (entry?.source !== 'ultralytics' || entry.taskType === taskType) return name;
  const stem = name.replace(/-[a-z]+$/, '');
  const suffix = { classification: '-cls', segmentation: '-seg', detection: '', anomaly_detection: '' }[taskType];
  return lookup(stem + suffix)?.taskType === taskType ? stem + suffix : name;
}

/** Names near one that does not exist, plain ones first, for a question's options. */
export function nearestNames(text: string, taskType?: TaskType): string[] {
  return nearest(text, 3, taskType ? { taskType } : {}).map((model) => model.name);
}

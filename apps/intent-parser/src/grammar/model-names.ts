import { catalogue, lookup, nameKey, type ZooEntry } from '@mallo/zoo';
import { type Family, families, formKey } from './lexicon.js';

/** What a way of writing stands for: a model, or a family of which no member is named. */
export type NameTarget = { name?: string; family?: Family };

/** Every way to write a model's name, without case and separators. */
export const nameTargets = new Map<string, NameTarget>();
const put = (key: string, target: NameTarget): void => {
  if (!nameTargets.has(key)) nameTargets.set(key, target);
};

const SIZE_WORDS: Record<string, string[]> = {
  n: ['n', 'nano'],
  t: ['t', 'tiny'],
  s: ['s', 'small'],
  m: ['m', 'medium'],
  b: ['b', 'base'],
  c: ['c'],
  l: ['l', 'large'],
  x: ['x', 'xlarge', 'extralarge'],
  e: ['e'],
};
const TASK_SUFFIXES: Record<string, string[]> = {
  '': ['', 'detection', 'det', 'detect'],
  '-seg': ['seg', 'segment', 'segmentation'],
  '-cls': ['cls', 'classify', 'classification', 'classifier'],
  '-sem': ['sem', 'semantic'],
};

/** Every way to write a YOLO: yolov8n-seg, yolo 8 nano seg, yolov8-seg nano, yolo11 small … */
function addYoloForms(): void {
  for (const entry of catalogue) {
    if (entry.source !== 'ultralytics') continue;
    const match = /^yolov?(\d+)([a-z])(6?)(u?)(-[a-z]+)?$/.exec(entry.name);
    if (!match) continue;
    const [, version, size = '', six, , suffix = ''] = match;
    for (const stem of [`yolov${version}`, `yolo${version}`, `yoloversion${version}`]) {
      for (const word of SIZE_WORDS[size] ?? [size]) {
        for (const task of TASK_SUFFIXES[suffix] ?? [suffix.slice(1)]) {
          put(`${stem}${word}${six}${task}`, { name: entry.name });
          put(`${stem}${task}${word}${six}`, { name: entry.name });
          if (word.length > 1) put(`yolo${word}v${version}${task}`, { name: entry.name });
        }
      }
    }
  }
  for (const size of ['n', 's', 'm', 'l', 'x']) {
    for (const word of SIZE_WORDS[size] ?? []) {
      for (const [suffix, tasks] of Object.entries(TASK_SUFFIXES)) {
        const name = `yolo11${size}${suffix}`;
        for (const task of tasks) if (word.length > 1 && lookup(name)) put(`yolo${word}${task}`, { name });
      }
    }
  }
}

// What people leave out of timm's and others' names: the patch, the window, the resolution, the training's own suffix.
const USUAL_ENDINGS = [
  /_\d{3}$/,
  /_patch\d+(_window\d+)?$/,
  /_(tf|rw|32x4d|100|2)$/,
  /^tf_/,
  /^legacy_/,
  /_window\d+$/,
  /_coco$/,
];

function addShortForms(): void {
  // Of the members that one short form could mean, the usual one: 224 pixels, full width, patches of 16.
  const rareness = (entry: ZooEntry) =>
    Number(entry.inputSize !== 224) * 4 +
    Number(/_0\d\d$/.test(entry.name)) * 2 +
    Number(/patch(8|14|32)/.test(entry.name));
  const usualFirst = [...catalogue].sort((a, b) => rareness(a) - rareness(b) || a.name.length - b.name.length);
  for (const entry of usualFirst) {
    if (entry.source === 'huggingface' || entry.source === 'detectron2') {
      put(nameKey(entry.name.slice(entry.name.indexOf('/') + 1)), { name: entry.name });
      continue;
    }
    if (entry.source !== 'timm') continue;
    let short = entry.name;
    for (const ending of USUAL_ENDINGS) {
      short = short.replace(ending, '');
      // A bare family (vit, resmlp) is too little to stand for one member.
      if (short !== entry.name && /\d|_/.test(short)) put(nameKey(short), { name: entry.name });
    }
  }
}

for (const entry of catalogue) put(nameKey(entry.name), { name: entry.name });
for (const family of families) {
  for (const [form, name] of Object.entries(family.names ?? {})) put(formKey(form), { name, family });
}
addYoloForms();
addShortForms();
for (const family of families) {
  for (const form of family.forms) {
    // A family's bare name stands for the family even where a model is called so (patchcore).
    const name = nameTargets.get(formKey(form))?.name;
    nameTargets.set(
      formKey(form),
      name && name === family.default && nameKey(name) === formKey(form) ? { name, family } : { family },
    );
    for (const [size, member] of Object.entries(family.sizes ?? {}))
      put(`${formKey(form)}${size}`, { name: member, family });
  }
}
for (const { expand } of families) {
  if (!expand) continue;
  for (const [key, target] of [...nameTargets]) {
    if (key.startsWith(expand.to)) for (const from of expand.from) put(from + key.slice(expand.to.length), target);
  }
}

const sortedKeys = [...nameTargets.keys()].sort();

/** Whether some name begins with this; by binary search, so that long input costs nothing. */
export function beginsSomeName(prefix: string): boolean {
  let low = 0;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sortedKeys[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return sortedKeys[low]?.startsWith(prefix) ?? false;
}

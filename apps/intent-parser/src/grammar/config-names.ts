import type { ModelSource } from '@mallo/contracts';
import { catalogue, lookup, nameKey, type ZooEntry } from '@mallo/zoo';
import type { ModelMention } from './model-mention.js';
import { has, type Term } from './terms.js';
import type { Token } from './tokens.js';

// OpenMMLab's and Detectron2's models are called by their configuration: architecture, backbone, neck, schedule, data.
// People say some of it, in any order and with words between: "faster rcnn with an r50 fpn".

type Config = { entry: ZooEntry; architecture: string; parts: Set<string> };

const SOURCES: ModelSource[] = ['mmdetection', 'mmsegmentation', 'detectron2'];
const BACKBONE = /(?:resnet|resnext|r|x)[\s_-]?(?:18|34|50|101|152)/;
const PART = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${BACKBONE.source}|swin[\\s-]?[tsbl]|mit[\\s-]?b[0-5]|hr(?:18|48)|fpn|c4|dc5|d(?:8|16|32)|[1239]x|20e|\\d{2,3}k|coco|lvis|cityscapes|ade20k|voc12aug|\\d{3,4}x\\d{3,4})(?![\\p{L}\\p{N}])`,
  'giu',
);
// What may stand between two parts of one name.
const BETWEEN =
  /^(?:[\s\-_,/()]|with|an?|the|and|in|its|that|has|having|on|top|of|using|backbone|neck|config|version|variant|schedule|백본|넥|버전|의|에|로|은|는|으로|이랑|랑)*$/;

/** r_50, resnet-50 and R50 as r50, swin tiny's swin-t as swint. */
function partKey(written: string): string {
  return nameKey(written)
    .replace(/^resnet/, 'r')
    .replace(/^resnext/, 'x');
}

function configOf(entry: ZooEntry): Config {
  const name = entry.name.slice(entry.name.indexOf('/') + 1).toLowerCase();
  const first = name.search(new RegExp(`[_-](?:${BACKBONE.source}|swin|mit|hr\\d)`));
  const architecture = first < 0 ? (name.split('_')[0] ?? name) : name.slice(0, first);
  const parts = (name.slice(architecture.length).match(PART) ?? []).map(partKey);
  return { entry, architecture: nameKey(architecture), parts: new Set(parts) };
}

const configs = catalogue.filter(({ source }) => SOURCES.includes(source)).map(configOf);
const architectures = [...new Set(configs.map(({ architecture }) => architecture))].sort((a, b) => b.length - a.length);

/** The parts of a configuration's name that a text begins with, and where they end. */
function partsIn(text: string): { parts: string[]; end: number } {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    if (!BETWEEN.test(text.slice(end, match.index))) break;
    parts.push(partKey(match[0]));
    end = match.index + match[0].length;
  }
  return { parts, end };
}

const LONGEST = 60;
const USUAL = new Set(['r50', 'fpn', '1x', 'coco', 'd8', '40k', 'cityscapes', '512x1024']);

/**
 * A mention of an architecture with parts of its configuration, as the model of the catalogue that has them all: the one
 * most like the usual one of its family. The mention as it was, where no such parts are said or no model has them.
 */
export function withConfiguration(mention: ModelMention, tokens: Token[], terms: Term[], chars: string): ModelMention {
  const named = SOURCES.filter((source) => terms.some((term) => has(term, `source.${source}`)));
  if (named.length === 0 && terms.some((term) => term.concepts.some((concept) => concept.startsWith('source.'))))
    return mention;
  const start = tokens[mention.from]?.from ?? 0;
  const key = nameKey(mention.text);
  const forms = mention.family?.forms.map(nameKey) ?? [];
  const architecture = architectures.find((one) => key.startsWith(one) || forms.includes(one));
  if (!architecture) return mention;
  // What is written of the architecture ends where its letters have all been met.
  const said = key.startsWith(architecture) ? architecture : (forms.find((form) => key.startsWith(form)) ?? key);
  let letters = 0;
  let from = start;
  for (; from < chars.length && letters < said.length; from += 1) letters += nameKey(chars[from] ?? '').length;
  const { parts, end } = partsIn(chars.slice(from, from + LONGEST));
  if (parts.length === 0) return mention;
  const last = tokens.findLastIndex((token) => token.to <= from + end);
  // What was read as a whole name already says nothing less.
  const ofSource = named.length === 0 || named.some((source) => source === lookup(mention.name ?? '')?.source);
  if (mention.name && !mention.familyOnly && ofSource && last < mention.to) return mention;
  const usual = configs.find(({ entry }) => entry.name === mention.family?.default)?.parts ?? USUAL;
  const rank = ({ entry, parts: own }: Config) =>
    (named.includes(entry.source) ? 1000 : 0) +
    10 * [...own].filter((part) => usual.has(part)).length -
    (SOURCES.indexOf(entry.source) * 100 + entry.name.length);
  const [best] = configs
    .filter((config) => config.architecture === architecture && parts.every((part) => config.parts.has(part)))
    .sort((a, b) => rank(b) - rank(a));
  if (!best) return mention;
  return {
    ...mention,
    to: Math.max(mention.to, last + 1),
    name: best.entry.name,
    familyOnly: false,
    text: chars.slice(start, from + end),
  };
}

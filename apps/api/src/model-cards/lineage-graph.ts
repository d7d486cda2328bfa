import type { Dataset, LineageGraph, ModelVersion } from '@mallo/contracts';
import type { Say } from './words.js';

type Node = LineageGraph['nodes'][number];
/** As much of what was said as fits a box. */
const TITLE_LENGTH = 60;

export type Kin = {
  version: ModelVersion;
  /** What it was made from, then what that was made from … */
  ancestors: ModelVersion[];
  /** Of the first of them all. */
  dataset: Dataset | null;
};

/** From the conversation and the data to the run, to the version, to what was made of it: as far as it is known. */
export function lineageGraph({ version, ancestors, dataset }: Kin, say: Say): LineageGraph {
  const chain = [...ancestors].reverse();
  const first = chain[0] ?? version;
  const modelOf = (number: string, detail: string | null): Node => ({
    ...{ key: `model ${number}`, kind: 'model', id: number, title: `${version.modelName} ${number}`, detail },
    isThis: number === version.version,
  });
  const models = [...chain, version].map((one) => modelOf(one.version, one.architecture));
  const children = version.children.map((number) => modelOf(number, null));
  const firstModel = `model ${first.version}`;
  const { before, maker } = originOf(first, dataset, say);
  const follows = [...models.slice(1), ...children];
  return {
    nodes: [...before, ...(maker ? [maker] : []), ...models, ...children],
    edges: [
      ...before.map(({ key: from }) => ({ from, to: maker?.key ?? firstModel })),
      ...(maker ? [{ from: maker.key, to: firstModel }] : []),
      ...follows.map(({ key: to }, at) => ({ from: models[Math.min(at, models.length - 1)]?.key ?? firstModel, to })),
    ],
  };
}

/** What made the first version, and what that was made from. */
function originOf(first: ModelVersion, dataset: Dataset | null, say: Say): { before: Node[]; maker: Node | null } {
  const { transcript, runId, logged, datasetName, datasetVersionSha256: sha256, artifacts } = first;
  const node = (kind: Node['kind'], id: string | null, title: string, detail: string | null): Node => ({
    ...{ key: kind, kind, id, title, detail, isThis: false },
  });
  const number = dataset?.version.number;
  const data = number === undefined ? (sha256?.slice(0, 12) ?? null) : say('datasetVersion', { number });
  const said = transcript?.turns[transcript.configTurn]?.text.replace(/\s+/g, ' ').trim() ?? '';
  const title = said.length > TITLE_LENGTH ? `${said.slice(0, TITLE_LENGTH - 1)}…` : said;
  const before = [
    ...(transcript ? [node('conversation', transcript.conversationId, title || say('conversation'), null)] : []),
    ...(datasetName !== null ? [node('dataset', dataset?.id ?? null, datasetName, data)] : []),
  ];
  if (runId) return { before, maker: node('run', runId, runId, null) };
  const from = logged && artifacts.length === 0 ? say('elsewhere') : say('files');
  return { before, maker: node('files', null, from, logged?.source ?? null) };
}

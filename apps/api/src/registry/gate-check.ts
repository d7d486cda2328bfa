import { type Gate, type LocalText, MalloError } from '@mallo/contracts';

/** What a gate compares of a version. */
export type Measured = {
  version: string;
  metrics: Record<string, number>;
  datasetName: string | null;
  /** Of the version of the dataset that it was measured on; null: not known. */
  datasetVersionSha256: string | null;
  /** Of that version, among those of its dataset; null: not known here. */
  datasetVersionNumber: number | null;
};

/** What stands where there is nothing. */
const NONE = '–';

/**
 * Lets a version pass that shows what every gate asks for.
 * @throws MalloError model.gate_failed, model.gate_dataset_differs, model.gate_dataset_unknown, model.gate_metric_missing
 */
export function passGates(gates: Gate[], one: Measured, champion: Measured): void {
  for (const { metric, direction, margin } of gates) {
    const [value, before] = [one.metrics[metric], champion.metrics[metric]];
    const said = {
      metric,
      version: one.version,
      value: value ?? NONE,
      champion: champion.version,
      championValue: before ?? NONE,
      dataset: datasetOf(one),
      championDataset: datasetOf(champion),
    };
    if (value === undefined || before === undefined) throw new MalloError('model.gate_metric_missing', said);
    // Two that are not known need not be the same.
    const unknown = unknownOf(one, champion);
    if (unknown) throw new MalloError('model.gate_dataset_unknown', { ...said, unknown });
    if (one.datasetVersionSha256 !== champion.datasetVersionSha256) {
      throw new MalloError('model.gate_dataset_differs', said);
    }
    const needed = direction === 'max' ? before + margin : before - margin;
    if (direction === 'max' ? value >= needed : value <= needed) continue;
    // 0.1 + 0.2 is to read 0.3.
    const shown = Number(needed.toPrecision(12));
    throw new MalloError('model.gate_failed', { ...said, needed: `${direction === 'max' ? '≥' : '≤'} ${shown}` });
  }
}

/**
 * The version of a dataset in words of no language: `pets v2 0123456789ab`, `pets v?` where only the name is known. A
 * name and a number can come again after a dataset was deleted; the digest cannot.
 */
function datasetOf({ datasetName, datasetVersionNumber: number, datasetVersionSha256: sha256 }: Measured): string {
  if (sha256 === null) return datasetName === null ? NONE : `${datasetName} v?`;
  return [datasetName, number !== null && `v${number}`, sha256.slice(0, 12)].filter(Boolean).join(' ');
}

/** Of which of two it is not known what they were measured on; null: it is of both. */
function unknownOf(one: Measured, champion: Measured): LocalText | null {
  const said = {
    one: { en: one.version, ko: `${one.version} 버전` },
    champion: { en: `the @champion ${champion.version}`, ko: `@champion ${champion.version} 버전` },
  };
  const [isKnown, isChampionKnown] = [one.datasetVersionSha256 !== null, champion.datasetVersionSha256 !== null];
  if (isKnown && isChampionKnown) return null;
  if (isKnown) return unknownBeside(said.champion, said.one, datasetOf(one));
  if (isChampionKnown) return unknownBeside(said.one, said.champion, datasetOf(champion));
  return {
    en: `on which ${said.one.en} and ${said.champion.en} were measured is not known`,
    ko: `${said.one.ko}과 ${said.champion.ko}을 어느 데이터셋 버전에서 측정했는지 둘 다 알 수 없습니다`,
  };
}

function unknownBeside(unknown: LocalText, known: LocalText, dataset: string): LocalText {
  return {
    en: `on which ${unknown.en} was measured is not known (${known.en}: on ${dataset})`,
    ko: `${unknown.ko}을 어느 데이터셋 버전에서 측정했는지 알 수 없습니다(${known.ko}은 ${dataset})`,
  };
}

import { type Gate, MalloError } from '@mallo/contracts';

/** What a gate compares of a version. */
export type Measured = {
  version: string;
  metrics: Record<string, number>;
  datasetName: string | null;
  /** Of the version of the dataset that it was measured on; null: not known. */
  datasetVersionSha256: string | null;
};

/** What stands where there is nothing. */
const NONE = '–';

/**
 * Lets a version pass that shows what every gate asks for.
 * @throws MalloError model.gate_failed, model.gate_dataset_differs, model.gate_metric_missing
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
    const isComparable = one.datasetVersionSha256 && one.datasetVersionSha256 === champion.datasetVersionSha256;
    if (!isComparable) throw new MalloError('model.gate_dataset_differs', said);
    const needed = direction === 'max' ? before + margin : before - margin;
    if (direction === 'max' ? value >= needed : value <= needed) continue;
    // 0.1 + 0.2 is to read 0.3.
    const shown = Number(needed.toPrecision(12));
    throw new MalloError('model.gate_failed', { ...said, needed: `${direction === 'max' ? '≥' : '≤'} ${shown}` });
  }
}

function datasetOf({ datasetName, datasetVersionSha256 }: Measured): string {
  return [datasetName, datasetVersionSha256?.slice(0, 12)].filter(Boolean).join(' ') || NONE;
}

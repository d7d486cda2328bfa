'use client';

import { ApiError } from '@mallo/client';
import { useTranslations } from 'next-intl';

const REFUSALS: readonly string[] = [
  'model.gate_failed',
  'model.gate_dataset_differs',
  'model.gate_dataset_unknown',
  'model.gate_metric_missing',
];
/** What the api says where there is nothing. */
const NONE = '–';

/** Both figures of a promotion that a gate has refused, one beside the other. */
export function GateRefusal({ error }: { error: Error }) {
  const t = useTranslations('models.gates.refusal');
  if (!(error instanceof ApiError) || !REFUSALS.includes(error.code)) return null;
  const { metric, version, value, champion, championValue, dataset, championDataset, needed } = error.params;
  return (
    <table className="tabular w-full overflow-hidden rounded-xl border text-sm">
      <caption className="pb-1.5 text-left text-muted">{String(metric)}</caption>
      <tbody className="divide-y">
        <Row name={String(version)} value={value} dataset={dataset} />
        <Row name={`@champion ${champion}`} value={championValue} dataset={championDataset ?? dataset} />
        {needed !== undefined && <Row name={t('needed')} value={needed} />}
      </tbody>
    </table>
  );
}

type Value = string | number | undefined;

function Row({ name, value, dataset }: { name: string; value: Value; dataset?: Value }) {
  const t = useTranslations('models.gates.refusal');
  return (
    <tr className="border-t">
      <th scope="row" className="py-1.5 pr-3 text-left font-medium">
        {name}
      </th>
      <td className="py-1.5 pr-3 text-right font-semibold">{value ?? NONE}</td>
      <td className="py-1.5 text-muted text-xs">{dataset === NONE ? t('datasetUnknown') : dataset}</td>
    </tr>
  );
}

import type { ModelVersionSummary, RegisteredModel } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { mainFigure } from './main-figure';

/** The figure to show first of a version, as it is called and as it is written. */
export function useMainFigure() {
  const t = useTranslations('models');
  const format = useFormat();
  return (taskType: RegisteredModel['taskType'], { metrics }: Pick<ModelVersionSummary, 'metrics'>) => {
    const found = mainFigure(taskType, metrics);
    if (!found) return null;
    const { label, value, isShare } = found;
    return {
      label: label === 'accuracy' ? t('accuracy') : label,
      text: isShare ? format.percent(value) : format.number(value, 4),
    };
  };
}

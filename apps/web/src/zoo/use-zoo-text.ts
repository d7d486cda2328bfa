'use client';

import type { ModelSource, PublishedFigure } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { METRIC_NAMES, SOURCE_NAMES } from './zoo-names';

/** What stands where a figure is not known. */
export const UNKNOWN = '–';

/** Figures of models as the zoo writes them, each with its unit. */
export function useZooText() {
  const t = useTranslations('zoo');
  const format = useFormat();
  const known = (value: number | null, text: (value: number) => string) => (value === null ? UNKNOWN : text(value));
  return {
    source: (source: ModelSource) => (source === 'own' ? t('ownModel') : SOURCE_NAMES[source]),
    params: (value: number | null) => known(value, (millions) => `${format.number(millions)}M`),
    gmacs: (value: number | null) => known(value, (billions) => `${format.number(billions)}G`),
    bytes: (value: number | null) => known(value, format.bytes),
    pixels: (value: number | null) => known(value, (pixels) => `${pixels}px`),
    figure: (figure: PublishedFigure | null) =>
      figure === null ? UNKNOWN : `${format.number(figure.value)}% ${METRIC_NAMES[figure.metric]}`,
  };
}

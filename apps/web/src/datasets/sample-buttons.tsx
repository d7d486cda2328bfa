'use client';

import { SampleKind } from '@mallo/contracts';
import { Shapes, Sparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';

const ICONS = { digits: Sparkles, shapes: Shapes };

/** One click makes a dataset to try things out with. */
export function SampleButtons({ onChoose }: { onChoose: (kind: SampleKind) => void }) {
  const t = useTranslations('datasets.samples');
  return (
    <div className="flex flex-wrap justify-center gap-2">
      {SampleKind.options.map((kind) => {
        const Icon = ICONS[kind];
        return (
          <Button key={kind} size="sm" title={t(`${kind}.text`)} onClick={() => onChoose(kind)}>
            <Icon aria-hidden />
            {t(`${kind}.action`)}
          </Button>
        );
      })}
    </div>
  );
}

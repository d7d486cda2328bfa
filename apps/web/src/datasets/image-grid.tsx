'use client';

import { datasetRoutes } from '@mallo/contracts';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';
import { Thumbnail } from './thumbnails';

const PAGE_SIZE = 48;
/** Not a name a folder can have. */
const ALL = '/';

type ImageGridProps = {
  datasetId: string;
  classNames: string[];
  className: string | null;
  onClassName: (className: string | null) => void;
};

/** The images themselves, a page at a time. */
export function ImageGrid({ datasetId, classNames, className, onClassName }: ImageGridProps) {
  const t = useTranslations('datasets');
  const format = useFormat();
  const [offset, setOffset] = useState(0);
  const images = useRoute(datasetRoutes.images, {
    params: { datasetId },
    query: { className: className ?? undefined, offset, limit: PAGE_SIZE },
  });
  const total = images.data?.total ?? 0;
  const last = Math.min(offset + PAGE_SIZE, total);
  const options = [{ value: ALL, label: t('allClasses') }, ...classNames.map((name) => ({ value: name, label: name }))];
  return (
    <Section
      title={t('images')}
      aside={
        <Select
          className="h-8 w-44"
          label={t('showClass')}
          value={className ?? ALL}
          onValueChange={(value) => onClassName(value === ALL ? null : value)}
          options={options}
        />
      }
    >
      {images.error && <ProblemCard problem={images.error} onRetry={() => images.refetch()} className="m-4" />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-3 p-4">
        {images.isPending &&
          Array.from({ length: 24 }, (_, index) => (
            <li key={index}>
              <Skeleton className="aspect-square rounded-lg" />
            </li>
          ))}
        {images.data?.images.map((image) => (
          <li key={image.index} className="grid gap-1">
            <Thumbnail datasetId={datasetId} image={image} />
            <span className="truncate text-muted text-xs" title={image.path}>
              {className ? image.path.split('/').at(-1) : image.className}
            </span>
          </li>
        ))}
      </ul>
      {total > PAGE_SIZE && (
        <div className="flex items-center justify-end gap-2 border-t px-4 py-2">
          <p className="tabular mr-2 text-muted text-sm" aria-live="polite">
            {t('range', { first: format.whole(offset + 1), last: format.whole(last), total: format.whole(total) })}
          </p>
          <Button
            size="icon"
            aria-label={t('previousPage')}
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - PAGE_SIZE))}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label={t('nextPage')}
            disabled={last >= total}
            onClick={() => setOffset(offset + PAGE_SIZE)}
          >
            <ChevronRight aria-hidden />
          </Button>
        </div>
      )}
    </Section>
  );
}

'use client';

import { type DatasetImage, datasetRoutes, identityRoutes } from '@mallo/contracts';
import { ImageOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { client } from '@/api/client';
import { useRoute } from '@/api/use-route';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';

type ThumbnailProps = { datasetId: string; image: DatasetImage; className?: string };

/** One image of a dataset, small. */
export function Thumbnail({ datasetId, image, className }: ThumbnailProps) {
  const t = useTranslations('datasets');
  const [tries, setTries] = useState(0);
  if (tries > 1) {
    return (
      <div className={cn('grid aspect-square place-items-center rounded-lg bg-hover text-muted', className)}>
        <ImageOff aria-label={t('imageMissing', { path: image.path })} role="img" className="size-4" />
      </div>
    );
  }
  const url = client.url(datasetRoutes.thumbnail, { params: { datasetId, index: image.index } });
  return (
    <img
      key={tries}
      src={url}
      alt={t('imageOf', { className: image.className, path: image.path })}
      title={image.path}
      loading="lazy"
      decoding="async"
      onError={async () => {
        // An image cannot renew an expired session; a call can.
        if (tries === 0) await client.call(identityRoutes.me).catch(() => undefined);
        setTries(tries + 1);
      }}
      className={cn('aspect-square w-full rounded-lg bg-hover object-cover', className)}
    />
  );
}

type ThumbnailsProps = { datasetId: string; count: number; className?: string };

/** A handful of images spread over the classes. */
export function Thumbnails({ datasetId, count, className }: ThumbnailsProps) {
  const images = useRoute(datasetRoutes.images, { params: { datasetId }, query: { sample: true, limit: count } });
  if (images.error) return null;
  return (
    <div className={cn('grid grid-cols-8 gap-1.5', className)}>
      {images.data
        ? images.data.images.map((image) => <Thumbnail key={image.index} datasetId={datasetId} image={image} />)
        : Array.from({ length: count }, (_, index) => <Skeleton key={index} className="aspect-square rounded-lg" />)}
    </div>
  );
}

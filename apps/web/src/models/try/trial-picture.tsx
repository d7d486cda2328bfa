import type { ReactNode } from 'react';

type TrialPictureProps = {
  url: string;
  alt: string;
  /** Of the image as it is seen, in pixels. */
  size: { width: number; height: number };
  /** Pixels, at most; a small image is shown larger, so that one sees it. */
  height?: number;
  /** Laid over the whole image. */
  children?: ReactNode;
};

/** An image in its own proportions, with something over it. */
export function TrialPicture({ url, alt, size, height = 320, children }: TrialPictureProps) {
  return (
    <div
      className="relative mx-auto w-full overflow-hidden rounded-lg bg-hover"
      style={{ aspectRatio: `${size.width} / ${size.height}`, maxWidth: (height * size.width) / size.height }}
    >
      <img
        src={url}
        alt={alt}
        className="absolute inset-0 size-full"
        style={{ imageRendering: Math.max(size.width, size.height) < height / 2 ? 'pixelated' : 'auto' }}
      />
      {children}
    </div>
  );
}

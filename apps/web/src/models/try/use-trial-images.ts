'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** An image that a model is tried on. */
export type TrialImage = { id: number; name: string; bytes: Blob; url: string };

/** More at once would only fill the page; the oldest go. */
const KEPT = 24;

/** The images that are being tried, the newest first; what their addresses hold is freed when they go. */
export function useTrialImages() {
  const [images, setImages] = useState<TrialImage[]>([]);
  const urls = useRef(new Set<string>());
  const lastId = useRef(0);
  useEffect(() => {
    const { current } = urls;
    return () => {
      for (const url of current) URL.revokeObjectURL(url);
      current.clear();
    };
  }, []);

  const keep = useCallback((next: TrialImage[], before: TrialImage[]) => {
    for (const { url } of before.filter((image) => !next.includes(image))) {
      URL.revokeObjectURL(url);
      urls.current.delete(url);
    }
    return next;
  }, []);
  const add = useCallback(
    (files: { name: string; bytes: Blob }[]) => {
      const added = files.map(({ name, bytes }) => {
        const url = URL.createObjectURL(bytes);
        urls.current.add(url);
        lastId.current += 1;
        return { id: lastId.current, name, bytes, url };
      });
      setImages((before) => keep([...added, ...before].slice(0, KEPT), before));
    },
    [keep],
  );
  const remove = useCallback(
    (id: number) =>
      setImages((before) =>
        keep(
          before.filter((image) => image.id !== id),
          before,
        ),
      ),
    [keep],
  );
  return { images, add, remove };
}

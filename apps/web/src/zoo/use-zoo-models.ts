'use client';

import { zooRoutes } from '@mallo/contracts';
import { useRoutePages } from '@/api/use-route-pages';
import { filtersOf, sortOf, type ZooAddress } from './zoo-address';

const PAGE_SIZE = 100;

/** The models that pass, as many as were scrolled to. */
export function useZooModels(address: ZooAddress) {
  const { descending } = address;
  const query = { ...filtersOf(address), sort: sortOf(address), descending: descending || undefined, limit: PAGE_SIZE };
  const pages = useRoutePages(zooRoutes.search, { query }, (all) => {
    const offset = all.reduce((sum, { models }) => sum + models.length, 0);
    const last = all.at(-1);
    return last && last.models.length > 0 && offset < last.total ? { offset } : null;
  });
  const first = pages.data?.pages[0];
  return {
    ...pages,
    models: pages.data?.pages.flatMap(({ models }) => models) ?? [],
    total: first?.total ?? 0,
    reading: first?.reading ?? null,
  };
}

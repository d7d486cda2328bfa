'use client';

import { trackingRoutes } from '@mallo/contracts';
import { useMemo } from 'react';
import { callRoute, useRoute } from '@/api/use-route';

/** So many matches are held here; those beyond are asked for one by one as one walks to them. */
const FIRST = 1000;

/** Numbers of the first lines that hold a text, and a way to those beyond. */
export function useLogSearch(runId: string, search: string) {
  const found = useRoute(
    trackingRoutes.logs,
    search === '' ? null : { params: { runId }, query: { limit: FIRST, search } },
  );
  const numbers = useMemo(() => found.data?.lines.map(({ number }) => number) ?? [], [found.data]);
  /** The next match from a line on, or with `before` the last one before a line. */
  const ask = async (place: { from: number } | { before: number }): Promise<number | undefined> => {
    const answer = await callRoute(trackingRoutes.logs, { params: { runId }, query: { ...place, limit: 1, search } });
    return answer.lines[0]?.number;
  };
  const hasMore = numbers.length === FIRST;
  /** The first match from a line on, or else the last before it. */
  const near = async (line: number): Promise<number | undefined> => {
    const known = numbers.find((number) => number >= line);
    if (known !== undefined || !hasMore) return known ?? numbers.at(-1);
    return (await ask({ from: line })) ?? (await ask({ before: line }));
  };
  return { isSuccess: found.isSuccess, numbers, hasMore, ask, near };
}

'use client';

import { useEffect, useState } from 'react';

/** How long a text that is typed must rest before it is looked up. */
export const REST_MS = 250;

/** The value once it has not changed for a moment. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

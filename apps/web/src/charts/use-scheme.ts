'use client';

import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

function schemeNow(): string {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : window.matchMedia(DARK).matches ? 'dark' : 'light';
}

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    query.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** `light` or `dark`, for what cannot follow the style sheet by itself, such as a canvas. */
export function useScheme(): string {
  return useSyncExternalStore(subscribe, schemeNow, () => 'light');
}

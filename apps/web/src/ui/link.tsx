'use client';

import NextLink from 'next/link';
import { type ComponentProps, useState } from 'react';

type LinkProps = Omit<ComponentProps<typeof NextLink>, 'prefetch'>;

/**
 * A link within Mallo. Where it leads is made ready once somebody points at it: a page has dozens of links in sight, and what
 * Next asks for each of them would keep the few connections that a browser has from what the page itself asks for.
 */
export function Link(props: LinkProps) {
  const [isMeant, setMeant] = useState(false);
  const mean = () => setMeant(true);
  return (
    <NextLink
      {...props}
      prefetch={isMeant ? 'auto' : false}
      onPointerEnter={(event) => {
        props.onPointerEnter?.(event);
        mean();
      }}
      onFocus={(event) => {
        props.onFocus?.(event);
        mean();
      }}
    />
  );
}

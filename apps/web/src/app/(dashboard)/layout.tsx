import { identityRoutes, projectRoutes } from '@mallo/contracts';
import { HydrationBoundary } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answersAhead } from '@/api/answers-ahead';
import { InBrowser } from '@/shell/in-browser';
import { Shell } from '@/shell/shell';
import { SignedIn } from '@/shell/signed-in';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <InBrowser>
      <WhoAndWhere>
        <SignedIn>
          <Shell>{children}</Shell>
        </SignedIn>
      </WhoAndWhere>
    </InBrowser>
  );
}

/** Brings what every page asks first: who looks at it, and their projects. */
async function WhoAndWhere({ children }: { children: ReactNode }) {
  const state = await answersAhead((ahead) =>
    Promise.all([ahead.route(identityRoutes.me, {}), ahead.route(projectRoutes.list, {})]),
  );
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}

import { identityRoutes, projectRoutes } from '@mallo/contracts';
import type { ReactNode } from 'react';
import { AnswersAhead, type AskAhead } from '@/api/answers-ahead';
import { InBrowser } from '@/shell/in-browser';
import { Shell } from '@/shell/shell';
import { SignedIn } from '@/shell/signed-in';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <InBrowser>
      <AnswersAhead ask={askWhoAndWhere}>
        <SignedIn>
          <Shell>{children}</Shell>
        </SignedIn>
      </AnswersAhead>
    </InBrowser>
  );
}

/** What every page asks first: who looks at it, and their projects. */
function askWhoAndWhere(ahead: AskAhead): Promise<unknown> {
  return Promise.all([ahead.route(identityRoutes.me, {}), ahead.route(projectRoutes.list, {})]);
}

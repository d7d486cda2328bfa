'use client';

import { Menu as MenuIcon, PanelLeft } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { RunAlerts } from '@/tracking/alerts/run-alerts';
import { Button } from '@/ui/button';
import { cn } from '@/ui/cn';
import { Sheet } from '@/ui/dialog';
import { Tooltip } from '@/ui/tooltip';
import { Brand } from './brand';
import { Sidebar } from './sidebar';
import { useWorkspace } from './use-workspace';

/** The frame of the dashboard: the sidebar (a sheet on phones) and the page. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const pathname = usePathname();
  const { sidebarOpen, toggleSidebar } = useWorkspace();
  const [sheetOpen, setSheetOpen] = useState(false);

  useEffect(() => setSheetOpen(false), [pathname]);

  return (
    // Clipped rather than hidden: what brings a part of the page into view must not scroll the frame itself.
    <div className="flex h-dvh flex-col overflow-clip md:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-solid px-4 py-2 text-solid-fg focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <header className="flex h-13 shrink-0 items-center justify-between border-b bg-surface px-3 md:hidden">
        <Brand />
        <Button variant="ghost" size="icon" aria-label={t('openMenu')} onClick={() => setSheetOpen(true)}>
          <MenuIcon aria-hidden />
        </Button>
      </header>
      <Sheet open={sheetOpen} onOpenChange={setSheetOpen} title={t('menu')}>
        <Sidebar />
      </Sheet>
      <aside
        aria-label={t('menu')}
        className={cn('hidden shrink-0 border-r bg-sunken md:flex md:flex-col', sidebarOpen ? 'w-64' : 'w-14')}
      >
        <Sidebar
          collapsed={!sidebarOpen}
          toggle={
            <Tooltip content={t(sidebarOpen ? 'collapse' : 'expand')} side="right">
              <Button
                variant="ghost"
                size="icon"
                aria-label={t(sidebarOpen ? 'collapse' : 'expand')}
                aria-expanded={sidebarOpen}
                onClick={toggleSidebar}
              >
                <PanelLeft aria-hidden />
              </Button>
            </Tooltip>
          }
        />
      </aside>
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
      <RunAlerts />
    </div>
  );
}

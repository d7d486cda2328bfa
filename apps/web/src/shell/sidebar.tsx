'use client';

import { Boxes, ChartLine, Images, LibraryBig, type LucideIcon, MessageSquarePlus, Settings } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ConversationList } from '@/chat/conversation-list';
import { ProjectSwitcher } from '@/projects/project-switcher';
import { useCurrentProject } from '@/projects/use-current-project';
import { cn } from '@/ui/cn';
import { Link } from '@/ui/link';
import { Tooltip } from '@/ui/tooltip';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';

type SidebarProps = { collapsed?: boolean; toggle?: ReactNode };

export function Sidebar({ collapsed = false, toggle }: SidebarProps) {
  const t = useTranslations('shell');
  const { project } = useCurrentProject();
  const query = project ? `?project=${project.id}` : '';

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className={cn('flex h-13 shrink-0 items-center justify-between px-3', collapsed && 'justify-center px-0')}>
        {!collapsed && <Brand />}
        {toggle}
      </div>
      <div className="grid gap-0.5 px-2.5">
        <ProjectSwitcher collapsed={collapsed} />
        {project && (
          <NavLink
            href={`/projects/${project.id}`}
            exact
            icon={MessageSquarePlus}
            label={t('newChat')}
            collapsed={collapsed}
          />
        )}
        <NavLink
          href={`/datasets${query}`}
          icon={Images}
          label={t('datasets')}
          count={project?.datasetCount}
          collapsed={collapsed}
        />
        <NavLink href={`/runs${query}`} icon={ChartLine} label={t('runs')} collapsed={collapsed} />
        <NavLink
          href={`/models${query}`}
          icon={Boxes}
          label={t('models')}
          count={project?.modelCount}
          collapsed={collapsed}
        />
        <NavLink href={`/zoo${query}`} icon={LibraryBig} label={t('zoo')} collapsed={collapsed} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pt-4">
        {!collapsed && project && <ConversationList projectId={project.id} />}
      </div>
      <div className="grid gap-0.5 border-t p-2.5">
        <NavLink href="/settings" icon={Settings} label={t('settings')} collapsed={collapsed} />
        <AccountMenu collapsed={collapsed} />
      </div>
    </div>
  );
}

type NavLinkProps = {
  href: string;
  icon: LucideIcon;
  label: string;
  count?: number;
  collapsed: boolean;
  exact?: boolean;
};

function NavLink({ href, icon: Icon, label, count, collapsed, exact = false }: NavLinkProps) {
  const pathname = usePathname();
  const path = href.split('?')[0] ?? href;
  const current = exact ? pathname === path : pathname.startsWith(path);
  const link = (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      aria-label={collapsed ? label : undefined}
      className={cn(
        'flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-muted transition-colors hover:bg-hover hover:text-fg',
        current && 'bg-hover font-medium text-fg',
        collapsed && 'w-9 justify-center px-0',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {!collapsed && <span className="truncate">{label}</span>}
      {!collapsed && count !== undefined && count > 0 && <span className="tabular ml-auto text-xs">{count}</span>}
    </Link>
  );
  return collapsed ? (
    <Tooltip content={label} side="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

'use client';

import { Check, ChevronsUpDown, FolderKanban, LayoutGrid } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { cn } from '@/ui/cn';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { useCurrentProject } from './use-current-project';

export function ProjectSwitcher({ collapsed }: { collapsed: boolean }) {
  const t = useTranslations('projects');
  const router = useRouter();
  const { project, projects } = useCurrentProject();
  const name = project?.name ?? t('none');
  return (
    <Menu
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={t('switch', { name })}
          className={cn(
            'mb-2 flex h-9 items-center gap-2.5 rounded-lg border bg-surface px-2.5 text-left shadow-low hover:bg-hover',
            collapsed && 'w-9 justify-center px-0',
          )}
        >
          <FolderKanban aria-hidden className="size-4 shrink-0 text-accent" />
          {!collapsed && (
            <>
              <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
              <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
            </>
          )}
        </button>
      }
    >
      {projects.data?.map(({ id, name }) => (
        <MenuItem key={id} onSelect={() => router.push(`/projects/${id}`)}>
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {id === project?.id && <Check aria-hidden />}
        </MenuItem>
      ))}
      {projects.data && projects.data.length > 0 && <MenuSeparator />}
      <MenuItem onSelect={() => router.push('/projects')}>
        <LayoutGrid aria-hidden />
        {t('all')}
      </MenuItem>
    </Menu>
  );
}

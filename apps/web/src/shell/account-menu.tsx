'use client';

import { identityRoutes } from '@mallo/contracts';
import { CircleUser, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCall, useRoute } from '@/api/use-route';
import { keepTheme } from '@/i18n/preferences';
import { cn } from '@/ui/cn';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

/** Ends the session and forgets everything of it that the page holds. */
export function useSignOut() {
  return useCall(identityRoutes.logout, { onSuccess: () => window.location.assign('/login') });
}

export function AccountMenu({ collapsed }: { collapsed: boolean }) {
  const t = useTranslations('shell');
  const theme = useTranslations('settings.themes');
  const me = useRoute(identityRoutes.me, {});
  const signOut = useSignOut();
  if (!me.data) return null;
  const { name, email } = me.data;
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={t('account', { name })}
          className={cn(
            'flex h-10 items-center gap-2.5 rounded-lg px-2 text-left hover:bg-hover',
            collapsed && 'w-9 justify-center px-0',
          )}
        >
          <CircleUser aria-hidden className="size-4.5 shrink-0 text-accent" />
          {!collapsed && <span className="truncate font-medium text-sm">{name}</span>}
        </button>
      }
    >
      {email && <MenuLabel>{email}</MenuLabel>}
      {(['system', 'light', 'dark'] as const).map((value) => {
        const Icon = THEME_ICONS[value];
        return (
          <MenuItem key={value} onSelect={() => keepTheme(value)}>
            <Icon aria-hidden />
            {theme(value)}
          </MenuItem>
        );
      })}
      <MenuSeparator />
      <MenuItem onSelect={() => signOut.mutate({ body: {} })}>
        <LogOut aria-hidden />
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}

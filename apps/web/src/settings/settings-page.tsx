'use client';

import { identityRoutes, Locale, systemRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { type FormEvent, type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { routeKey, useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { currentTheme, keepLocale, keepTheme, THEMES } from '@/i18n/preferences';
import { useSignOut } from '@/shell/account-menu';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { ApiTokens } from './api-tokens';
import { RetentionOfProject } from './retention';
import { Understanding } from './understanding';

export function SettingsPage() {
  const t = useTranslations('settings');
  const signOut = useSignOut();
  return (
    <Page title={t('title')} className="max-w-3xl">
      <Profile />
      <Appearance />
      <Understanding />
      <ApiTokens />
      <RetentionOfProject />
      <Machine />
      <div>
        <Button busy={signOut.isPending} onClick={() => signOut.mutate({ body: {} })}>
          <LogOut aria-hidden />
          {t('signOut')}
        </Button>
      </div>
    </Page>
  );
}

function Profile() {
  const t = useTranslations('settings');
  const queryClient = useQueryClient();
  const me = useRoute(identityRoutes.me, {});
  const update = useCall(identityRoutes.updateMe, {
    onSuccess: (user) => {
      queryClient.setQueryData(routeKey(identityRoutes.me, {}), user);
      toast.success(t('saved'));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name) update.mutate({ body: { name } });
  };
  return (
    <Section title={t('profile')}>
      <form onSubmit={submit} className="grid gap-4 p-4">
        {update.error && <ProblemCard problem={update.error} />}
        <Field label={t('name')} hint={me.data?.email ?? undefined}>
          {(control) => (
            <Input {...control} key={me.data?.name} name="name" defaultValue={me.data?.name} maxLength={100} required />
          )}
        </Field>
        <Button type="submit" className="justify-self-start" busy={update.isPending}>
          {t('save')}
        </Button>
      </form>
    </Section>
  );
}

function Appearance() {
  const t = useTranslations('settings');
  const common = useTranslations('common');
  const locale = useLocale();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [theme, setTheme] = useState(currentTheme);
  const update = useCall(identityRoutes.updateMe, {
    onSuccess: (user) => {
      queryClient.setQueryData(routeKey(identityRoutes.me, {}), user);
      keepLocale(user.locale);
      router.refresh();
    },
  });
  return (
    <Section title={t('appearance')}>
      <div className="divide-y">
        {update.error && <ProblemCard problem={update.error} className="m-4" />}
        <Choice label={t('language')}>
          <Segmented
            label={t('language')}
            value={locale}
            onValueChange={(next) => update.mutate({ body: { locale: next } })}
            options={Locale.options.map((value) => ({
              value,
              label: <span lang={value}>{common(`languages.${value}`)}</span>,
            }))}
          />
        </Choice>
        <Choice label={t('theme')}>
          <Segmented
            label={t('theme')}
            value={theme}
            onValueChange={(next) => {
              keepTheme(next);
              setTheme(next);
            }}
            options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
          />
        </Choice>
      </div>
    </Section>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
      <span>{label}</span>
      {children}
    </div>
  );
}

function Machine() {
  const t = useTranslations('settings.machine');
  const format = useFormat();
  const machine = useRoute(systemRoutes.machine, {});
  const facts = machine.data && [
    { label: t('cpu'), value: t('threads', { count: machine.data.cpuCount }) },
    { label: t('memory'), value: format.bytes(machine.data.memoryBytes) },
    {
      label: t('gpu'),
      value: machine.data.gpus.map((gpu) => `${gpu.name} (${format.bytes(gpu.memoryBytes)})`).join(', ') || t('noGpu'),
    },
    { label: t('torch'), value: machine.data.torch ?? t('notAsked') },
  ];
  return (
    <Section title={t('title')}>
      {machine.error && <ProblemCard problem={machine.error} onRetry={() => machine.refetch()} className="m-4" />}
      {machine.isPending && <Skeleton className="m-4 h-24" />}
      {facts && (
        <dl className="divide-y">
          {facts.map(({ label, value }) => (
            <div key={label} className="flex justify-between gap-4 px-4 py-2.5">
              <dt className="text-muted">{label}</dt>
              <dd className="tabular text-right font-medium">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}

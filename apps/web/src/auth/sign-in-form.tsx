'use client';

import { identityRoutes } from '@mallo/contracts';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useState } from 'react';
import { useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { enter } from './after-sign-in';
import { AuthHeading } from './auth-heading';
import { type CredentialField, useFormErrors } from './form-errors';

const Credentials = identityRoutes.login.body;

export function SignInForm() {
  const t = useTranslations('auth');
  const router = useRouter();
  const next = useSearchParams().get('next');
  const formErrors = useFormErrors();
  const [invalid, setInvalid] = useState<Partial<Record<CredentialField, string>>>({});
  const status = useRoute(identityRoutes.status, {});
  const login = useCall(identityRoutes.login, { onSuccess: (session) => enter(session, next) });

  const isFirstVisit = status.data?.ownerExists === false;
  useEffect(() => {
    if (isFirstVisit) router.replace('/register');
  }, [isFirstVisit, router]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const parsed = Credentials.safeParse({ email: form.get('email'), password: form.get('password') });
    setInvalid(parsed.success ? {} : formErrors(parsed.error));
    if (parsed.success) login.mutate({ body: parsed.data });
  };

  return (
    <>
      <AuthHeading title={t('login.title')} text={t('login.text')} />
      <form onSubmit={submit} noValidate className="grid gap-4">
        {status.error && <ProblemCard problem={status.error} onRetry={() => status.refetch()} />}
        {login.error && <ProblemCard problem={login.error} />}
        <Field label={t('email')} error={invalid.email}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label={t('password')} error={invalid.password}>
          {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" variant="primary" size="lg" busy={login.isPending || login.isSuccess}>
          {t('login.action')}
        </Button>
      </form>
    </>
  );
}

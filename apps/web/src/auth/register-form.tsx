'use client';

import { identityRoutes } from '@mallo/contracts';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useState } from 'react';
import { useCall, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { begin } from './after-sign-in';
import { AuthHeading } from './auth-heading';
import { type CredentialField, useFormErrors } from './form-errors';

const Account = identityRoutes.register.body;

export function RegisterForm() {
  const t = useTranslations('auth');
  const firstProject = useTranslations('projects')('firstName');
  const locale = useLocale();
  const router = useRouter();
  const formErrors = useFormErrors();
  const [invalid, setInvalid] = useState<Partial<Record<CredentialField, string>>>({});
  const status = useRoute(identityRoutes.status, {});
  const register = useCall(identityRoutes.register, { onSuccess: (session) => begin(session, firstProject) });

  const isClosed = status.data?.ownerExists === true && register.isIdle;
  useEffect(() => {
    if (isClosed) router.replace('/login');
  }, [isClosed, router]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const parsed = Account.safeParse({
      name: form.get('name'),
      email: form.get('email'),
      password: form.get('password'),
      locale,
    });
    setInvalid(parsed.success ? {} : formErrors(parsed.error));
    if (parsed.success) register.mutate({ body: parsed.data });
  };

  return (
    <>
      <AuthHeading title={t('register.title')} text={t('register.text')} />
      <form onSubmit={submit} noValidate className="grid gap-4">
        {status.error && <ProblemCard problem={status.error} onRetry={() => status.refetch()} />}
        {register.error && <ProblemCard problem={register.error} />}
        <Field label={t('name')} error={invalid.name}>
          {(control) => <Input {...control} name="name" autoComplete="name" maxLength={100} required />}
        </Field>
        <Field label={t('email')} error={invalid.email}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label={t('password')} hint={t('passwordHint')} error={invalid.password}>
          {(control) => <Input {...control} name="password" type="password" autoComplete="new-password" required />}
        </Field>
        <Button type="submit" variant="primary" size="lg" busy={register.isPending || register.isSuccess}>
          {t('register.action')}
        </Button>
      </form>
    </>
  );
}

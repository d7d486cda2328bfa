import { useTranslations } from 'next-intl';
import type { z } from 'zod';

export type CredentialField = 'name' | 'email' | 'password';

/** What is wrong with a form, a field at a time, in the page's own words. */
export function useFormErrors() {
  const t = useTranslations('auth.invalid');
  return (error: z.ZodError): Partial<Record<CredentialField, string>> =>
    Object.fromEntries(
      error.issues.map(({ path }) => {
        const field = path[0] as CredentialField;
        return [field, t(field)];
      }),
    );
}

import { identityRoutes, type Session } from '@mallo/contracts';
import { client } from '@/api/client';
import { keepLocale } from '@/i18n/preferences';
import { localeWasSwitched } from './locale-switch';

/** The page that was asked for before signing in; only ever one of our own. */
export function pageAfterSignIn(next: string | null): string {
  const own = next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\');
  return own ? (next ?? '/projects') : '/projects';
}

/** Goes on in the account's language, unless another was chosen a moment ago: then that becomes the account's. */
export async function enter(session: Session, next: string | null): Promise<void> {
  const chosen = localeWasSwitched();
  if (chosen && chosen !== session.user.locale) {
    await client.call(identityRoutes.updateMe, { body: { locale: chosen } }).catch(() => undefined);
  } else {
    keepLocale(session.user.locale);
  }
  // A whole new page: nothing of a session before this one may stay in memory.
  window.location.assign(pageAfterSignIn(next));
}

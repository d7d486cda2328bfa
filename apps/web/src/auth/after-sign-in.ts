import { identityRoutes, projectRoutes, type Session } from '@mallo/contracts';
import { client } from '@/api/client';
import { keepLocale } from '@/i18n/preferences';
import { localeWasSwitched } from './locale-switch';

/** The page that was asked for before signing in; only ever one of our own. */
export function pageAfterSignIn(next: string | null): string {
  const own = next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\');
  return own ? (next ?? '/projects') : '/projects';
}

/** The chat of the first project, made for the purpose: a new account begins by saying something. */
async function firstChat(projectName: string): Promise<string> {
  const [first] = await client.call(projectRoutes.list);
  const project = first ?? (await client.call(projectRoutes.create, { body: { name: projectName } }));
  return `/projects/${project.id}`;
}

/** Begins a new account's first session: in the chat, so that nothing stands between it and the first sentence. */
export async function begin(session: Session, projectName: string): Promise<void> {
  keepLocale(session.user.locale);
  const page = await firstChat(projectName).catch(() => pageAfterSignIn(null));
  window.location.assign(page);
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

import { hostname } from 'node:os';
import { identityRoutes, type Locale } from '@mallo/contracts';
import type { Settings } from '../settings.js';
import { usingProject } from './project.js';
import { words } from './words.js';

/**
 * Prints a new token for programs, for the named project or the oldest: the token alone on stdout, to be put in a
 * variable, and what to do with it on stderr.
 */
export function token(projectName: string, settings: Settings, locale: Locale): Promise<number> {
  return usingProject(settings, projectName, locale, async (client, project, url) => {
    const name = `${hostname()} ${new Date().toISOString().slice(0, 10)}`;
    const made = await client.call(identityRoutes.createToken, { body: { name, projectId: project.id } });
    console.error(words.howTo(url, project.name)[locale]);
    console.log(made.token);
    return 0;
  });
}

import { ApiError, type Client, UnreachableError } from '@mallo/client';
import { type Locale, type Project, projectRoutes } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { defaultProject } from '../train/agree.js';
import { findRunning, signIn, waitUntilUsable } from '../train/connect.js';
import { words } from './words.js';

/**
 * Does something as the owner with a project of the Mallo that runs: the named one, or the oldest.
 * @throws Refusal when none runs, or there is no such project
 */
export async function usingProject<T>(
  settings: Settings,
  name: string,
  locale: Locale,
  work: (client: Client, project: Project, url: string) => Promise<T>,
): Promise<T> {
  const running = await findRunning(settings);
  if (!running) throw new Refusal(words.notRunning());
  try {
    await waitUntilUsable(running);
    const client = await signIn(running.door, settings.MALLO_HOME);
    return await work(client, await projectNamed(client, name, locale), running.url);
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnreachableError) throw new Refusal(error.messages);
    throw error;
  }
}

async function projectNamed(client: Client, name: string, locale: Locale): Promise<Project> {
  if (!name) return defaultProject(client, locale);
  const projects = await client.call(projectRoutes.list);
  // A terminal may write Hangul in its parts.
  const composed = name.normalize('NFC');
  const named = projects.find((project) => project.name.normalize('NFC') === composed || project.id === name);
  if (named) return named;
  const names = projects.map((project) => project.name);
  throw new Refusal(words.noProject(name, names));
}

import { hostname } from 'node:os';
import { ApiError, type Client, UnreachableError } from '@mallo/client';
import { identityRoutes, type Locale, type Project, projectRoutes } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import type { Settings } from '../settings.js';
import { defaultProject } from '../train/agree.js';
import { findRunning, signIn, waitUntilUsable } from '../train/connect.js';
import { words } from './words.js';

/**
 * Prints a new token for programs, for the named project or the oldest: the token alone on stdout, to be put in a
 * variable, and what to do with it on stderr.
 */
export async function token(projectName: string, settings: Settings, locale: Locale): Promise<number> {
  const running = await findRunning(settings);
  if (!running) throw new Refusal(words.notRunning());
  try {
    await waitUntilUsable(running);
    const client = await signIn(running.door, settings.MALLO_HOME);
    const project = await projectNamed(client, projectName, locale);
    const name = `${hostname()} ${new Date().toISOString().slice(0, 10)}`;
    const made = await client.call(identityRoutes.createToken, { body: { name, projectId: project.id } });
    console.error(words.howTo(running.url, project.name)[locale]);
    console.log(made.token);
    return 0;
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnreachableError) throw new Refusal(error.messages);
    throw error;
  }
}

async function projectNamed(client: Client, name: string, locale: Locale): Promise<Project> {
  if (!name) return defaultProject(client, locale);
  const projects = await client.call(projectRoutes.list);
  const named = projects.find((project) => project.name === name || project.id === name);
  if (named) return named;
  const names = projects.map((project) => project.name);
  throw new Refusal(words.noProject(name, names));
}

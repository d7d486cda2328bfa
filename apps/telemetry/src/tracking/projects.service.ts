import type { Tokens } from '@mallo/backend';
import { MalloError, projectRoutes } from '@mallo/contracts';
import { ProjectsRepository } from './projects.repository.js';

const TIMEOUT_MS = 5_000;

/** Whose a project is: known here from its first run, and until then asked of the api, which never changes it. */
export class ProjectsService {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly tokens: Tokens,
    private readonly apiUrl: string | undefined,
  ) {}

  /** @throws MalloError project.not_found, also when it is someone else's; server.unavailable */
  async checkOwner(userId: string, projectId: string): Promise<void> {
    const ownerId = (await this.projects.ownerOf(projectId)) ?? (await this.learn(projectId));
    if (ownerId !== userId) throw new MalloError('project.not_found');
  }

  private async learn(projectId: string): Promise<string | null> {
    if (!this.apiUrl) return null;
    const path = projectRoutes.owner.path.replace(':projectId', encodeURIComponent(projectId));
    const answer = await fetch(new URL(path, this.apiUrl), {
      headers: { authorization: `Bearer ${await this.tokens.sign({ kind: 'service' })}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new MalloError('server.unavailable', { part: 'api' }, { cause });
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new MalloError('server.unavailable', { part: 'api' });
    const { ownerId } = projectRoutes.owner.response.parse(await answer.json());
    await this.projects.add(projectId, ownerId);
    return ownerId;
  }
}

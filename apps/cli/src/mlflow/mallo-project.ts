import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type Client, createClient, errorOfAnswer, sendStream, UnreachableError } from '@mallo/client';
import { identityRoutes, mlflowArtifactRoutes, type Project } from '@mallo/contracts';
import { escapedPath } from './paths.js';

/** The token of work that was killed is gone after so long; nothing of an import takes as long between two calls. */
const IDLE_SECONDS = 2 * 60 * 60;
const PATIENCE_MS = [200, 1000, 3000, 10_000, 30_000];

/** A project of a Mallo that runs, and a token that stands for it as long as the work goes on. */
export class MalloProject {
  private constructor(
    private readonly owner: Client,
    private readonly tokenId: string,
    readonly token: string,
    readonly client: Client,
    readonly id: string,
  ) {}

  static async open(owner: Client, project: Project): Promise<MalloProject> {
    const name = `mlflow ${hostname()} ${new Date().toISOString().slice(0, 16)}`;
    const { id, token } = await owner.call(identityRoutes.createToken, {
      body: { name, projectId: project.id, idleSeconds: IDLE_SECONDS },
    });
    const client = createClient({ baseUrl: owner.baseUrl, accessToken: token });
    return new MalloProject(owner, id, token, client, project.id);
  }

  /** Revokes the token. */
  async close(): Promise<void> {
    await this.owner.call(identityRoutes.deleteToken, { params: { tokenId: this.tokenId } });
  }

  /** The sizes of files under an artifact root, by their paths from there. */
  async fileSizes(root: string, folder = ''): Promise<Map<string, number>> {
    const path = folder ? `${root}/${folder}` : root;
    const { files = [] } = await patiently(() => this.client.call(mlflowArtifactRoutes.list, { query: { path } }));
    const sizes = new Map<string, number>();
    for (const file of files) {
      const whole = folder ? `${folder}/${file.path}` : file.path;
      if (!file.is_dir) sizes.set(whole, file.file_size ?? 0);
      else for (const [below, size] of await this.fileSizes(root, whole)) sizes.set(below, size);
    }
    return sizes;
  }

  /** Keeps a file; its bytes are sent as they are read. */
  async putFile(path: string, open: () => Promise<Readable>): Promise<void> {
    await patiently(async () => {
      const url = `${this.client.baseUrl}${mlflowArtifactRoutes.upload.path.replace('*', escapedPath(path))}`;
      const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/octet-stream' };
      const { status, text } = await sendStream(url, 'PUT', headers, await open());
      if (status >= 400) throw refusalOf(status, text);
    });
  }
}

/** What the artifact server says has MLflow's form. */
function refusalOf(status: number, text: string): Error {
  const said: unknown = JSON.parse(text.startsWith('{') ? text : '{}');
  const isMlflows = typeof said === 'object' && said !== null && 'message' in said && status < 500;
  return isMlflows ? new Error(String(said.message)) : errorOfAnswer(status, text);
}

/** Waits for a Mallo, or a part of it, that is away for a moment. What is sent again changes nothing. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let times = 0; ; times += 1) {
    try {
      return await work();
    } catch (error) {
      const isAway =
        error instanceof UnreachableError || (error instanceof ApiError && [502, 503, 504].includes(error.status));
      const wait = PATIENCE_MS[times];
      if (!isAway || wait === undefined) throw error;
      await delay(wait);
    }
  }
}

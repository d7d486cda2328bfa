import { MalloError, MlflowError, mlflowArtifactRoutes } from '@mallo/contracts';

const TIMEOUT_MS = 10_000;
const SCHEME = 'mlflow-artifacts:/';

type Files = NonNullable<(typeof mlflowArtifactRoutes.list.response)['_output']['files']>;

/** Files of logged models: the api has them, and is asked with the caller's own token. */
export class ModelFilesClient {
  constructor(private readonly apiUrl: string | undefined) {}

  /** Right under a folder of a model, by their paths from the model's own root. @throws MlflowError, MalloError */
  async list(artifactUri: string, folder: string, authorization: string): Promise<Files> {
    if (folder.split('/').includes('..') || folder.startsWith('/')) {
      throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid path: ${folder}`);
    }
    if (!this.apiUrl) throw new MalloError('server.unavailable', { part: 'api' });
    if (!artifactUri.startsWith(SCHEME)) return [];
    const root = artifactUri.slice(SCHEME.length).replace(/^\/+/, '');
    const url = new URL(mlflowArtifactRoutes.list.path, this.apiUrl);
    url.searchParams.set('path', folder ? `${root}/${folder}` : root);
    const answer = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      (cause: unknown) => {
        throw new MalloError('server.unavailable', { part: 'api' }, { cause });
      },
    );
    if (!answer.ok) throw new MalloError('server.unavailable', { part: 'api' });
    const { files = [] } = mlflowArtifactRoutes.list.response.parse(await answer.json());
    return files.map((file) => ({ ...file, path: folder ? `${folder}/${file.path}` : file.path }));
  }
}

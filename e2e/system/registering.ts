import type { Client } from '@mallo/client';
import { type ModelVersion, type RouteInput, registryRoutes, uploadRoutes } from '@mallo/contracts';

type Registration = RouteInput<typeof registryRoutes.register>['body'];
type Wish = Partial<Registration> & Pick<Registration, 'name'>;

/** Registers a version of these files as a program does. */
export async function registerFiles(
  client: Client,
  projectId: string,
  files: Record<string, Buffer>,
  wish: Wish,
): Promise<ModelVersion> {
  const uploads = Object.entries(files).map(async ([file, bytes]) => ({
    uploadId: await upload(client, bytes),
    name: file,
  }));
  const body = {
    ...({ bump: 'minor', framework: 'pytorch', architecture: 'resnet18', taskType: 'classification' } as const),
    ...{ files: await Promise.all(uploads), key: crypto.randomUUID() },
    ...wish,
  };
  return client.call(registryRoutes.register, { params: { projectId }, body });
}

/** Uploads bytes in one request (tus, creation-with-upload). @returns the id of the upload */
async function upload(client: Client, bytes: Buffer): Promise<string> {
  const headers = {
    authorization: `Bearer ${client.accessToken}`,
    'tus-resumable': '1.0.0',
    'upload-length': String(bytes.length),
    'content-type': 'application/offset+octet-stream',
  };
  const address = client.url(uploadRoutes.create, {});
  const answer = await fetch(address, { method: 'POST', headers, body: new Uint8Array(bytes) });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

import { type ModelVersion, registryRoutes, uploadRoutes } from '@mallo/contracts';
import type { TestApi } from './api.js';
import { safetensors } from './model-files.js';

/** Uploads bytes in one request, and answers the id of the upload. */
export async function upload(api: TestApi, bytes: Buffer, token = api.owner.accessToken): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    'tus-resumable': '1.0.0',
    'upload-length': String(bytes.length),
    'content-type': 'application/offset+octet-stream',
  };
  const answer = await fetch(api.url + uploadRoutes.create.path, {
    method: 'POST',
    headers,
    body: new Uint8Array(bytes),
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

/** What a test says of a version it registers. */
export type Wish = {
  name?: string;
  bump?: 'major' | 'minor' | 'patch';
  files?: Record<string, Buffer>;
  more?: Record<string, unknown>;
};

/** Registers a version of files, uploaded one by one; of a small safetensors file unless said otherwise. */
export async function registerFiles(
  api: TestApi,
  { name = 'pets', bump = 'minor', files, more }: Wish,
): Promise<ModelVersion> {
  const uploads = Object.entries(files ?? { 'model.safetensors': safetensors() }).map(async ([file, bytes]) => ({
    uploadId: await upload(api, bytes),
    name: file,
  }));
  const body = {
    name,
    bump,
    files: await Promise.all(uploads),
    framework: 'pytorch',
    architecture: 'resnet18',
    taskType: 'classification' as const,
    key: crypto.randomUUID(),
    ...more,
  };
  return api.owner.call(registryRoutes.register, { params: { projectId: api.projectId }, body });
}

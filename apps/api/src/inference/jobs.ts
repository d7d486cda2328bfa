import { MalloError, PREDICTION_IMAGES_LIMIT } from '@mallo/contracts';
import { limited } from '../objects/receive.js';
import type { ImagesJob, TensorsJob } from './runner.messages.js';

const IMAGE_LIMIT_BYTES = 20_000_000;
/** Of several images, or of numbers: 64 images of 640 × 640 take 315 MB. */
const TOGETHER_LIMIT_BYTES = 400_000_000;
/** As JSON; what is made of it takes several times as much memory. */
const TENSORS_LIMIT_BYTES = 64_000_000;

/** What a program sends: `shape` is given where the body is numbers. */
export type Sent = { body: NodeJS.ReadableStream; contentType?: string | undefined; shape?: string | undefined };

/** The images, or the numbers, of a request. @throws MalloError request.too_large, request.invalid */
export async function jobsOf({ body, contentType = '', shape }: Sent): Promise<ImagesJob[]> {
  if (shape !== undefined) return [await numbersOf(body, shape)];
  if (contentType.startsWith('multipart/form-data')) return imagesOf(body, contentType);
  return [{ kind: 'image', body: await received(body, IMAGE_LIMIT_BYTES) }];
}

/** Named tensors, as the JSON that they are. @throws MalloError request.too_large */
export async function tensorsOf(body: NodeJS.ReadableStream): Promise<TensorsJob[]> {
  return [{ kind: 'tensors', body: await received(body, TENSORS_LIMIT_BYTES) }];
}

/** All bytes of a body, in the pieces that they come in. */
async function received(body: NodeJS.ReadableStream, limitBytes: number): Promise<Buffer<ArrayBuffer>[]> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  for await (const chunk of limited(body, limitBytes)) chunks.push(chunk as Buffer<ArrayBuffer>);
  return chunks;
}

async function numbersOf(body: NodeJS.ReadableStream, text: string): Promise<ImagesJob> {
  const shape = text.split(',').map(Number);
  if ((shape[0] ?? 0) > PREDICTION_IMAGES_LIMIT) throw tooMany();
  return { kind: 'numbers', shape, body: await received(body, TOGETHER_LIMIT_BYTES) };
}

async function imagesOf(body: NodeJS.ReadableStream, contentType: string): Promise<ImagesJob[]> {
  const bytes = Buffer.concat(await received(body, TOGETHER_LIMIT_BYTES));
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch((cause: unknown) => {
      throw new MalloError(
        'request.invalid',
        { problem: { en: 'the body is not multipart/form-data', ko: '본문이 multipart/form-data가 아닙니다' } },
        { cause },
      );
    });
  const files = [...form.values()].filter((value) => value instanceof Blob);
  if (files.length === 0)
    throw new MalloError('request.invalid', {
      problem: { en: 'there is no file in the body', ko: '본문에 파일이 없습니다' },
    });
  if (files.length > PREDICTION_IMAGES_LIMIT) throw tooMany();
  return Promise.all(
    files.map(async (file) => ({ kind: 'image', body: [new Uint8Array(await file.arrayBuffer())] }) as const),
  );
}

function tooMany(): MalloError {
  return new MalloError('request.too_large', {
    limit: { en: `${PREDICTION_IMAGES_LIMIT} images`, ko: `이미지 ${PREDICTION_IMAGES_LIMIT}장` },
  });
}

import { ApiError, errorOfAnswer, UnreachableError } from '@mallo/client';
import { uploadRoutes } from '@mallo/contracts';
import { type DetailedError, Upload } from 'tus-js-client';
import { client } from '@/api/client';

/** Some twelve minutes without a byte, after which a person is asked. Begun anew whenever bytes arrive. */
const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10_000, ...Array.from({ length: 23 }, () => 30_000)];

export type SendingState =
  | { status: 'sending'; sentBytes: number }
  /** The connection was cut; it goes on by itself. */
  | { status: 'waiting' }
  | { status: 'done'; uploadId: string }
  | { status: 'failed'; error: Error };

export type Sending = {
  /** Goes on from what has arrived, or from the beginning where that is gone. */
  resume: () => void;
  /** Stops; what has arrived stays at the server for a day, and is gone on from when the file is chosen again. */
  pause: () => void;
  /** Stops and frees what has arrived. */
  giveUp: () => void;
};

/** Sends a file in a way that survives broken connections, by the tus protocol. */
export function sendFile(file: File, tell: (state: SendingState) => void): Sending {
  let sentAtMs = 0;
  const upload = new Upload(file, {
    endpoint: uploadRoutes.create.path,
    retryDelays: RETRY_DELAYS_MS,
    onBeforeRequest: () => {
      sentAtMs = Date.now();
    },
    // Left to itself, the library takes any refusal of a HEAD for an upload that is gone, and begins anew.
    onAfterResponse: async (request, response) => {
      const status = response.getStatus();
      if (status < 400 || (request.getMethod() === 'HEAD' && [404, 410, 423].includes(status))) return;
      if (status !== 401) throw errorOfAnswer(status, response.getBody());
      await client.renew(sentAtMs);
      throw new Error('the session was renewed');
    },
    onShouldRetry: (error) => {
      const again = isWorthAnother(error);
      if (again) tell({ status: 'waiting' });
      return again;
    },
    onProgress: (sentBytes) => tell({ status: 'sending', sentBytes }),
    onSuccess: () => tell({ status: 'done', uploadId: upload.url?.split('/').at(-1) ?? '' }),
    onError: (error) => {
      const cause = 'causingError' in error ? error.causingError : error;
      // A connection that breaks is told as an event, not as an error.
      tell({ status: 'failed', error: cause instanceof Error ? cause : new UnreachableError() });
    },
  });

  let isPaused = false;
  const begin = async () => {
    const [before] = await upload.findPreviousUploads();
    if (before) upload.resumeFromPreviousUpload(before);
    if (!isPaused) upload.start();
  };
  const stop = (free: boolean) => {
    isPaused = true;
    // What cannot be freed now expires.
    upload.abort(free).catch(() => undefined);
  };
  void begin();
  return { resume: () => upload.start(), pause: () => stop(false), giveUp: () => stop(true) };
}

/** Silence, faults of the server, and where what has arrived must be looked at again. */
function isWorthAnother({ causingError, originalRequest }: DetailedError): boolean {
  if (originalRequest.getMethod() === 'DELETE') return false;
  if (!(causingError instanceof ApiError)) return true;
  const { status } = causingError;
  return [404, 409, 410, 423].includes(status) || (status >= 500 && status !== 507);
}

import { MlflowError } from '@mallo/contracts';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** Parts of an upload are taken for this long after it began. */
export const PASS_SECONDS = 24 * 60 * 60;

/** Of its own, so that a pass is never taken for a token of Mallo's, nor the other way round. */
const ISSUER = 'mallo-upload-in-parts';

/** An upload in parts: its id, and the file it makes in a project's artifact root. */
const Pass = z.object({ jti: z.string(), projectId: z.string(), path: z.string(), iat: z.int() });
export type UploadPass = { id: string; projectId: string; path: string; beganAt: Date };

/**
 * The upload ids of the artifact server. An id is signed and says all that is known of the upload, so it needs no row, and
 * lets its holder send parts without a token, as MLflow's client does.
 */
export class UploadPasses {
  private readonly key: Uint8Array;

  constructor(secret: string) {
    this.key = new TextEncoder().encode(secret);
  }

  sign(id: string, projectId: string, path: string): Promise<string> {
    return new SignJWT({ projectId, path })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setJti(id)
      .setIssuedAt()
      .setExpirationTime(`${PASS_SECONDS} s`)
      .sign(this.key);
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST of what is no upload id, or one whose time is over */
  async read(uploadId: string): Promise<UploadPass> {
    try {
      const { payload } = await jwtVerify(uploadId, this.key, { issuer: ISSUER, algorithms: ['HS256'] });
      const { jti, projectId, path, iat } = Pass.parse(payload);
      return { id: jti, projectId, path, beganAt: new Date(iat * 1000) };
    } catch (cause) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no such upload; it may have expired.', { cause });
    }
  }
}

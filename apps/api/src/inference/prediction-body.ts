import { inferenceRoutes } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What JSON of named tensors is called on its way to its route. */
export const NAMED_TENSORS = 'application/vnd.mallo.named-tensors';

const BYTES = 'application/octet-stream';

/**
 * A body to predict from goes to the model's process as bytes, whatever its sender calls it, so it comes under a type that
 * the api does not read by itself: JSON of named tensors is longer than what the api reads, and curl calls an image a form.
 */
export function takePredictionBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      const { headers } = request.raw;
      const { url } = request.routeOptions;
      const type = headers['content-type'] ?? '';
      if (url === inferenceRoutes.predict.path) headers['content-type'] = BYTES;
      else if (url === inferenceRoutes.predictByName.path && !/^multipart\/form-data\b/i.test(type))
        headers['content-type'] = /^application\/json\b/i.test(type) ? NAMED_TENSORS : BYTES;
      done();
    });
}

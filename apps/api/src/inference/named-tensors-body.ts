import { inferenceRoutes } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What JSON of named tensors is called on its way to its route. */
export const NAMED_TENSORS = 'application/vnd.mallo.named-tensors';

/**
 * Named tensors are JSON that goes to the model's process as bytes, and is longer than what the api itself reads: it comes
 * under a type that the api does not know.
 */
export function takeNamedTensors(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      const { headers } = request.raw;
      const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
      if (isJson && request.routeOptions.url === inferenceRoutes.predictByName.path)
        headers['content-type'] = NAMED_TENSORS;
      done();
    });
}

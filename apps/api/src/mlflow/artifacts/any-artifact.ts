import { mlflowArtifactRoutes as routes } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const PLACES = [routes.upload.path.replace('*', ''), routes.part.path.replace(':number', '')];

/** An artifact may itself be JSON or a form: its bytes are not to be read as such, so they come under a type that says nothing. */
export function takeAnyArtifact(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      if (request.method === 'PUT' && PLACES.some((place) => request.url.startsWith(place))) {
        request.raw.headers['content-type'] = 'application/octet-stream';
      }
      done();
    });
}

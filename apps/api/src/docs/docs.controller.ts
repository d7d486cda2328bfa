import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { Endpoint, Input } from '@mallo/backend';
import { type RouteInput, type RouteOutput, docsRoutes as routes } from '@mallo/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { openApiDocument } from './openapi.js';

const UI_FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mallo API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'list', defaultModelsExpandDepth: 0 });
`;

/** Everything from here, nothing inline but the styles that the page's script sets, no frames. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.png': 'image/png' };

@Controller()
export class DocsController {
  private readonly document = openApiDocument('0.1.0');

  @Endpoint(routes.openapi)
  openapi(): RouteOutput<typeof routes.openapi> {
    return this.document;
  }

  @Endpoint(routes.page)
  page(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    void reply.header('content-security-policy', POLICY);
    return new StreamableFile(Buffer.from(PAGE), { type: 'text/html; charset=utf-8' });
  }

  @Endpoint(routes.asset)
  asset(
    @Input() { params }: RouteInput<typeof routes.asset>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    // The contract allows four names only.
    const stream = params.file === 'start.js' ? Readable.from([START]) : createReadStream(join(UI_FOLDER, params.file));
    void reply.header('cache-control', 'public, max-age=3600').header('x-content-type-options', 'nosniff');
    return new StreamableFile(stream, { type: `${TYPES[extname(params.file)]}; charset=utf-8` });
  }
}

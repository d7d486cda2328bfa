import { Endpoint } from '@mallo/backend';
import { route } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { z } from 'zod';

const serverInfoRoute = route({
  method: 'GET',
  path: '/api/3.0/mlflow/server-info',
  summary: 'What clients may use, asked before they have a token',
  access: 'public',
  response: z.strictObject({
    store_type: z.literal('SqlStore'),
    workspaces_enabled: z.literal(false),
    trace_archival_enabled: z.literal(false),
    multipart_uploads_enabled: z.literal(true),
    multipart_downloads_enabled: z.literal(false),
  }),
});

@Controller()
export class ServerInfoController {
  @Endpoint(serverInfoRoute)
  serverInfo(): z.infer<typeof serverInfoRoute.response> {
    return {
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: false,
    };
  }
}

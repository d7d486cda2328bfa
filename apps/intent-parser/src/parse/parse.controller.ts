import { Endpoint, Input } from '@mallo/backend';
import { type ParseResponse, parseRoutes, type RouteInput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ParseService } from './parse.service.js';

@Controller()
export class ParseController {
  constructor(private readonly parser: ParseService) {}

  @Endpoint(parseRoutes.parse)
  parse(@Input() { body }: RouteInput<typeof parseRoutes.parse>): Promise<ParseResponse> {
    return this.parser.parse(body);
  }

  @Endpoint(parseRoutes.health)
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }
}

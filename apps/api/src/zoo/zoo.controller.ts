import { Endpoint, Input } from '@mallo/backend';
import { type RouteInput, zooRoutes as routes, type ZooModel } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ZooService } from './zoo.service.js';

@Controller()
export class ZooController {
  constructor(private readonly zoo: ZooService) {}

  @Endpoint(routes.search)
  search(@Input() { query }: RouteInput<typeof routes.search>): ZooModel[] {
    return this.zoo.search(query.query, query.limit);
  }
}

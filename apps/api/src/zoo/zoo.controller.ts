import { Endpoint, Input } from '@mallo/backend';
import { type RouteInput, zooRoutes as routes, type ZooDetails, type ZooFacets, type ZooPage } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ZooService } from './zoo.service.js';

@Controller()
export class ZooController {
  constructor(private readonly zoo: ZooService) {}

  @Endpoint(routes.search)
  search(@Input() { query }: RouteInput<typeof routes.search>): Promise<ZooPage> {
    return this.zoo.page(query);
  }

  @Endpoint(routes.facets)
  facets(@Input() { query }: RouteInput<typeof routes.facets>): Promise<ZooFacets> {
    return this.zoo.facets(query);
  }

  @Endpoint(routes.details)
  details(@Input() { query }: RouteInput<typeof routes.details>): ZooDetails[] {
    return this.zoo.details(query.models);
  }
}

import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, zooRoutes as routes, type ZooDetails, type ZooFacets, type ZooPage } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ZooService } from './zoo.service.js';

@Controller()
export class ZooController {
  constructor(private readonly zoo: ZooService) {}

  @Endpoint(routes.search)
  search(@CurrentUserId() userId: string, @Input() { query }: RouteInput<typeof routes.search>): Promise<ZooPage> {
    return this.zoo.page(userId, query);
  }

  @Endpoint(routes.facets)
  facets(@CurrentUserId() userId: string, @Input() { query }: RouteInput<typeof routes.facets>): Promise<ZooFacets> {
    return this.zoo.facets(userId, query);
  }

  @Endpoint(routes.details)
  details(
    @CurrentUserId() userId: string,
    @Input() { query }: RouteInput<typeof routes.details>,
  ): Promise<ZooDetails[]> {
    return this.zoo.details(userId, query.models);
  }

  @Endpoint(routes.add)
  add(@CurrentUserId() userId: string, @Input() { body }: RouteInput<typeof routes.add>): Promise<ZooDetails> {
    return this.zoo.add(userId, body);
  }

  @Endpoint(routes.remove)
  remove(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.remove>): Promise<void> {
    return this.zoo.remove(userId, params.name);
  }
}

import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, registryRoutes as routes } from '@mallo/contracts';
import { Controller, StreamableFile } from '@nestjs/common';
import { ModelCardsService } from './model-cards.service.js';

@Controller()
export class ModelCardsController {
  constructor(private readonly cards: ModelCardsService) {}

  @Endpoint(routes.card)
  async card(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.card>,
  ): Promise<StreamableFile> {
    const card = await this.cards.write(userId, params.modelId, params.version, query.locale);
    return new StreamableFile(Buffer.from(card), {
      type: 'text/markdown; charset=utf-8',
      disposition: 'attachment; filename="README.md"',
    });
  }
}

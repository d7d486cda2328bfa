import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type ModelCard, type RouteInput, modelCardRoutes as routes } from '@mallo/contracts';
import { Controller, StreamableFile } from '@nestjs/common';
import { ModelCardsService } from './model-cards.service.js';

@Controller()
export class ModelCardsController {
  constructor(private readonly cards: ModelCardsService) {}

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params, query }: RouteInput<typeof routes.get>): Promise<ModelCard> {
    return this.cards.card(userId, params.modelId, params.version, query.locale);
  }

  @Endpoint(routes.readme)
  async readme(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.readme>,
  ): Promise<StreamableFile> {
    const card = await this.cards.readme(userId, params.modelId, params.version, query.locale);
    return new StreamableFile(Buffer.from(card), {
      type: 'text/markdown; charset=utf-8',
      disposition: 'attachment; filename="README.md"',
    });
  }
}

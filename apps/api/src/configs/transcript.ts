import type { ConfigCard, Message, Transcript } from '@mallo/contracts';

type Understood = Pick<ConfigCard, 'config' | 'hash'>;

/** What was said until a card was started, with what was changed on it by hand since it was `understood`. */
export function transcriptOf(card: ConfigCard, understood: Understood, messages: Message[]): Transcript {
  const turns = messages.filter((message) => message.text !== '');
  return {
    conversationId: card.conversationId,
    turns: turns.map(({ role, text, createdAt }) => ({ role, text, createdAt })),
    configTurn: turns.findIndex((message) => message.id === card.messageId),
    understoodHash: understood.hash,
    startedHash: card.hash,
    edits: editsOf(understood, card),
  };
}

/** `hyperparameters.epochs: 20 → 5`, for each value that a person changed, and those that were suited to it. */
function editsOf(understood: Understood, started: Understood): string[] {
  const before = valuesOf(understood);
  return [...valuesOf(started)]
    .filter(([path, value]) => before.get(path) !== value)
    .map(([path, value]) => `${path}: ${before.get(path)} → ${value}`);
}

function valuesOf({ config }: Understood): Map<string, string> {
  const { model, dataset, hyperparameters } = config;
  const values = Object.entries(hyperparameters).map(([name, value]) => [`hyperparameters.${name}`, value] as const);
  return new Map(
    [['model.name', model.name] as const, ['dataset', dataset.name] as const, ...values].map(([path, value]) => [
      path,
      String(value),
    ]),
  );
}

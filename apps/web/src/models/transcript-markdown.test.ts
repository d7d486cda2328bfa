import type { ModelVersion, Transcript } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { transcriptMarkdown } from './transcript-markdown';

const WORDS = {
  title: 'The conversation that made digits 1.0.0',
  roles: { user: 'You', assistant: 'Mallo' },
  configTurn: 'Became the config',
  edits: 'Changed by hand',
  understood: 'Understood',
  started: 'Started',
  dataset: 'Dataset',
};
const TRANSCRIPT: Transcript = {
  conversationId: 'cnv_1',
  turns: [
    { role: 'user', text: 'train resnet18\n# not a heading', createdAt: '2026-01-02T03:04:05.000Z' },
    { role: 'assistant', text: 'This is what I understood.', createdAt: '2026-01-02T03:04:06.000Z' },
  ],
  configTurn: 0,
  understoodHash: 'aaa',
  startedHash: 'bbb',
  edits: ['hyperparameters.epochs: 30 → 5'],
};

test('tells every turn, the one that became the config, the changes and the sums', () => {
  const version = { datasetVersionSha256: 'ddd' } as ModelVersion;
  expect(transcriptMarkdown(version, TRANSCRIPT, WORDS)).toBe(`# The conversation that made digits 1.0.0

**You** · 2026-01-02T03:04:05.000Z · Became the config

> train resnet18
> # not a heading

**Mallo** · 2026-01-02T03:04:06.000Z

> This is what I understood.

- Understood: \`aaa\`
- Changed by hand:
  - hyperparameters.epochs: 30 → 5
- Started: \`bbb\`
- Dataset: \`ddd\`
`);
});

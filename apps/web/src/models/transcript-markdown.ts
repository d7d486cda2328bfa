import type { ModelVersion, Transcript } from '@mallo/contracts';

/** What the parts of the page are called, in its language. */
export type TranscriptWords = {
  title: string;
  roles: Record<Transcript['turns'][number]['role'], string>;
  configTurn: string;
  edits: string;
  understood: string;
  started: string;
  dataset: string;
};

/** The conversation that made a version, as a page to keep or share: every turn, the changes by hand, and the sums. */
export function transcriptMarkdown(version: ModelVersion, transcript: Transcript, words: TranscriptWords): string {
  const { turns, configTurn, edits, understoodHash, startedHash } = transcript;
  const said = turns.flatMap(({ role, text, createdAt }, index) => [
    `**${words.roles[role]}** · ${createdAt}${index === configTurn ? ` · ${words.configTurn}` : ''}`,
    // Quoted line by line, so that nothing that was said is taken for the page's own form.
    text.replace(/^/gm, '> '),
  ]);
  const sums = [
    `- ${words.understood}: \`${understoodHash}\``,
    ...(edits.length > 0 ? [`- ${words.edits}:`, ...edits.map((edit) => `  - ${edit}`)] : []),
    `- ${words.started}: \`${startedHash}\``,
    `- ${words.dataset}: \`${version.datasetVersionSha256}\``,
  ];
  return `${[`# ${words.title}`, ...said, sums.join('\n')].join('\n\n')}\n`;
}

import type { ParseContext } from '@mallo/contracts';
import { buildCommand, type CommandDraft, findCommand } from './commands.js';
import { ordinalOf } from './follow-up.js';
import { type Project, type Reading, read, termSpan } from './reading.js';

/** The runs or models that a question offers, in its order. */
function offered(content: string, project: Project): string[] {
  const { ownRuns, ownModels } = read(content.slice(0, 4000), project);
  const named = [...ownRuns, ...ownModels].filter((hit) => hit.exact).sort((a, b) => a.from - b.from);
  return [...new Set(named.map((hit) => hit.item.name))];
}

/**
 * Reads an answer to what was asked about a command: "어떤 실행을 멈출까요?" – "leaf-b0". The turn before says what is
 * to be done, this one with what; undefined where no command was being asked about or this one names nothing.
 */
export function readCommandAnswer(reading: Reading, project: Project, context: ParseContext): CommandDraft | undefined {
  const turns = context.history ?? [];
  const [before, last] = turns.slice(-2);
  if (before?.role !== 'user' || last?.role !== 'assistant' || before.content.length > 4000) return undefined;
  const names = reading.ownRuns.length + reading.ownModels.length > 0 || reading.concepts.has('ordinal');
  if (!names || reading.fields.found.length > 0 || reading.unknown.size > 1) return undefined;
  const asked = read(before.content, project);
  const command = asked.hostile ? undefined : findCommand(asked, project);
  if (!command || command.questions.length === 0 || command.command.kind === 'sweep') return undefined;
  const { kind, ...said } = command.command;
  const place = reading.ownRuns.length + reading.ownModels.length === 0 ? ordinalOf(reading) : undefined;
  const chosen = place ? offered(last.content, project).at(place.place > 0 ? place.place - 1 : place.place) : undefined;
  if (place && !chosen) return undefined;
  const answered = buildCommand(kind, chosen ? read(chosen, project) : reading, project);
  const given = place && { kind: 'message' as const, span: termSpan(reading, place.from, place.to) };
  const origin = Object.fromEntries([
    ...Object.entries(answered.origin).map(([name, from]) => [name, from.kind === 'message' && given ? given : from]),
    ...Object.keys(said).map((name) => [name, { kind: 'history' as const }]),
  ]);
  return { command: { ...answered.command, ...said, kind }, origin, questions: answered.questions };
}

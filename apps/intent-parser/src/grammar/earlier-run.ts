import type { Question, TrainingIntent } from '@mallo/contracts';
import { isQuestion } from './command-signs.js';
import type { Named } from './names.js';
import { type ContextRun, type Project, type Reading, says, spanOf } from './reading.js';
import { runsById } from './references.js';
import { has } from './terms.js';
import type { Base } from './training.js';
import { ask } from './wording.js';

/**
 * What a message builds upon, or what has to be asked before that is known; with the place in the message that names
 * the run, whose words name nothing else.
 */
export type EarlierRun = { base?: Base; question?: Question; span?: [number, number] };

const MOST_OPTIONS = 8;

function changesSomething({ fields }: Reading): boolean {
  const { found, refused, relative, open, unwanted } = fields;
  return found.length + refused.length + relative.length + open.length + unwanted.length > 0;
}

type NamedRuns = { runs: ContextRun[]; inFull: boolean; span?: [number, number] };

/** Runs that are named in full, by their id, or else by some words of their name. */
function namedRuns(reading: Reading, project: Project): NamedRuns {
  const hits = reading.ownRuns.filter((hit) => hit.exact);
  const [hit] = hits;
  if (hit) {
    const runs = [...new Set(hits.map((one) => one.item))];
    return { runs, inFull: true, span: spanOf(reading, hit.from, hit.to) };
  }
  const byId = runsById(reading, project);
  if (byId.length > 0) return { runs: byId, inFull: true };
  const [top]: Named<ContextRun>[] = reading.ownRuns;
  if (!top) return { runs: [], inFull: false };
  return { runs: reading.ownRuns.filter((hit) => hit.score >= top.score).map((hit) => hit.item), inFull: false };
}

/** A name such as cats-resnet99 that stands where a run would be named, and that no run has. */
function strangeName({ text }: Reading): [number, number] | undefined {
  const name =
    /[a-z\d가-힣]{1,40}[-_][a-z\d_-]{1,40}(?=\s?(?:이?랑|과|와|하고|처럼|대로))|(?<=\b(?:as|like) )[a-z\d]{1,40}[-_][a-z\d_-]{1,40}/u.exec(
      text.chars,
    );
  return name ? text.spanOf(name.index, name.index + name[0].length) : undefined;
}

/**
 * The training that a message takes as it was and changes: "same as last time but with batch 64", "cats-resnet50이랑 같은
 * 설정으로". `pending` is what this conversation is working out; "방금 거" means that where there is one.
 */
export function earlierRun(reading: Reading, project: Project, pending: TrainingIntent): EarlierRun | undefined {
  const known = (project.context.runs ?? []).filter((run) => run.intent !== undefined);
  const alike = says(reading, 'alike');
  const refers = says(reading, 'earlier', 'latest');
  const settings = says(reading, 'noun.settings');
  if (known.length === 0 || !(alike || refers || settings)) return undefined;
  const { runs, inFull, span } = namedRuns(reading, project);
  const asksSomething = isQuestion(reading) && !alike;
  if (asksSomething || says(reading, 'noun.version', 'alias.champion')) return undefined;
  const startOf = (run: ContextRun): EarlierRun =>
    run.intent
      ? { base: { intent: run.intent, kind: 'history' }, span }
      : { question: ask.whichOf(reading.language, 'run', namesOf(known)), span };

  if (inFull && (alike || settings)) {
    const [run] = runs;
    return run && runs.length === 1
      ? startOf(run)
      : { question: ask.whichOf(reading.language, 'run', namesOf(runs)), span };
  }
  if (inFull) return undefined;
  const strange = alike && !refers ? strangeName(reading) : undefined;
  if (strange)
    return { question: ask.whichOf(reading.language, 'run', namesOf(runs.length > 0 ? runs : known)), span: strange };
  const wantsTraining = changesSomething(reading) || reading.datasets.length + reading.models.length > 0;
  if (refers && (alike || wantsTraining || says(reading, 'verb.train', 'verb.start'))) {
    // What was talked about a moment ago is the config on the table, not a run that ended before.
    const justNow = reading.terms.some((term) => has(term, 'earlier.now'));
    if (justNow && Object.keys(pending).length > 0) return undefined;
    const [latest] = known;
    return latest && startOf(latest);
  }
  if (!alike || runs.length === 0 || Object.keys(pending).length > 0) return undefined;
  const fitting = runs.filter((run) => run.intent);
  if (fitting.length === 1 && fitting[0]) return startOf(fitting[0]);
  return fitting.length > 1 ? { question: ask.whichOf(reading.language, 'run', namesOf(fitting)) } : undefined;
}

function namesOf(runs: readonly ContextRun[]): string[] {
  return runs.slice(0, MOST_OPTIONS).map((run) => run.name);
}

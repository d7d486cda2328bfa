import type { Origins, Question } from '@mallo/contracts';
import { wouldBeFound } from './comparable.js';
import { ordinals } from './lexicon.js';
import { mentionedBefore } from './mentioned-before.js';
import { handlesOf, type Named, namePartsOf } from './names.js';
import { nearestNamesFirst } from './near-miss.js';
import { isNegated } from './negation.js';
import type { ContextModel, ContextRun, Project, Reading } from './reading.js';
import { says, spanOf } from './reading.js';
import { has } from './terms.js';
import { ask, say } from './wording.js';

/** Arguments that refer to things of the project, where they came from, and what has to be asked. */
export type Reference = { args: Record<string, unknown>; origin: Origins; questions: Question[] };

const MOST_OPTIONS = 8;
const nothing: Reference = { args: {}, origin: {}, questions: [] };

/** The things named best; several only where they are named equally well. */
function bestOf<T>(hits: Named<T>[]): Named<T>[] {
  const top = hits[0];
  return top ? hits.filter((hit) => hit.score >= top.score - (top.exact ? 0 : 0.01)) : [];
}

/** Whether the message speaks of something else than what its words matched: "dogs-resnet50" is no "cats-resnet50". */
function speaksOfOther(reading: Reading, name: string | undefined): boolean {
  const own = name === undefined ? undefined : namePartsOf(name);
  return reading.terms.some((term, at) => {
    if (
      term.subjects.length === 0 ||
      term.concepts.length > 0 ||
      (has(term, 'unit.counter') && reading.terms[at - 1]?.number)
    )
      return false;
    // The 카메라 of "교통 카메라 학습" is of the data that the run learned from.
    const ofData = reading.datasets.some(
      (hit) =>
        term.from >= hit.from &&
        term.to <= hit.to &&
        [...namePartsOf(hit.item.name).strong].some((handle) => own?.strong.has(handle)),
    );
    if (ofData) return false;
    if (handlesOf(term.text, term.subjects).some((handle) => own?.strong.has(handle) || own?.weak.has(handle)))
      return false;
    return name === undefined || wouldBeFound({ text: term.text, known: true }, [name]);
  });
}

/** "마지막 학습", "the last run": one run, and the newest of all. */
export function namesNewest(reading: Reading): boolean {
  const last = reading.terms.some((term, at) => {
    const next = reading.terms[at + 1];
    // 방금 그 학습
    if (has(term, 'latest') && has(next, 'pronoun')) return true;
    return ordinals.get(term.text) === -1 && has(next, 'noun.run', 'verb.train') && !next?.text.endsWith('s');
  });
  return last || says(reading, 'newest');
}

/** Whether the run meant is the newest, by whatever words. Runs come newest first. */
export function meansNewest(reading: Reading): boolean {
  return (says(reading, 'latest') || namesNewest(reading)) && !says(reading, 'running');
}

/**
 * The run that a message means: named, or the only one in a fitting state. `statuses` are the states in which what is
 * asked for makes sense; a run that is named in full is meant whatever its state.
 */
export function findRun(reading: Reading, project: Project, statuses: string[]): Reference {
  const runs = project.context.runs ?? [];
  const { language } = reading;
  const suits = (run: ContextRun) => statuses.includes(run.status);
  const hits = reading.ownRuns;
  const given = hits.find((hit) => hit.exact) ?? byId(reading, runs);
  if (given)
    return {
      args: { run: given.item.id },
      origin: { run: { kind: 'message', span: spanOf(reading, given.from, given.to) } },
      questions: [],
    };
  const best = bestOf(hits).filter((hit) => !speaksOfOther(reading, hit.item.name));
  const suitable = best.filter((hit) => suits(hit.item));
  const meant = suitable.length > 0 ? suitable : best;
  const [one] = meant;
  if (one && meant.length === 1) {
    return {
      args: { run: one.item.id },
      origin: { run: { kind: 'message', span: spanOf(reading, one.from, one.to) } },
      questions: [],
    };
  }
  if (meant.length > 1)
    return {
      ...nothing,
      questions: [
        ask.whichOf(
          language,
          'run',
          meant.slice(0, MOST_OPTIONS).map((hit) => hit.item.name),
        ),
      ],
    };
  const [missed] = reading.missedThings;
  if (missed) {
    const options = nearestNamesFirst(
      runs.map((run) => run.name),
      missed.text,
    ).slice(0, MOST_OPTIONS);
    return { ...nothing, questions: [ask.unknownOf(language, 'run', missed.text, options)] };
  }
  const before = mentionedBefore(reading, project, 'ownRuns');
  if (before) return { args: { run: before.id }, origin: { run: { kind: 'history' } }, questions: [] };
  // Named by words that fit no run: better to ask than to take another.
  if ((reading.datasets.length > 0 || speaksOfOther(reading, undefined)) && best.length === 0) {
    return {
      ...nothing,
      questions: [
        ask.whichOf(
          language,
          'run',
          runs
            .filter(suits)
            .slice(0, MOST_OPTIONS)
            .map((run) => run.name),
        ),
      ],
    };
  }
  const fitting = runs.filter(suits);
  // The last of those that can be stopped is one that runs; what has to be told of the last is told whatever its state.
  const tells = statuses.includes('completed');
  const latest = meansNewest(reading) ? ((tells ? undefined : fitting[0]) ?? runs[0]) : undefined;
  const only =
    latest ??
    (fitting.length === 1
      ? fitting[0]
      : fitting.length === 0 && runs.length === 1 && !statuses.includes('running')
        ? runs[0]
        : undefined);
  if (only) {
    const reason = say({ ko: '맞는 실행이 이것뿐이에요', en: 'It is the only run that fits' }, language);
    return { args: { run: only.id }, origin: { run: { kind: 'default', reason } }, questions: [] };
  }
  const options = (fitting.length > 0 ? fitting : runs).slice(0, MOST_OPTIONS).map((run) => run.name);
  return { ...nothing, questions: [ask.whichOf(language, 'run', options)] };
}

function byId(
  reading: Reading,
  runs: readonly ContextRun[],
): { item: ContextRun; from: number; to: number } | undefined {
  const lower = reading.text.chars;
  const item = runs.find((run) => run.id.length > 3 && lower.includes(run.id.toLowerCase()));
  if (!item) return undefined;
  const start = lower.indexOf(item.id.toLowerCase());
  const from = reading.tokens.findIndex((token) => token.to > start);
  const to = reading.tokens.findIndex((token) => token.from >= start + item.id.length);
  return { item, from, to: to < 0 ? reading.tokens.length : to };
}

type ModelOptions = {
  /** Take the newest version where none is named, and say so. */
  newestVersion?: boolean;
  /** Do not ask where no model is named. */
  optional?: boolean;
};

function newest(versions: readonly string[]): string | undefined {
  return [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** Versions a message names: 1.1.0, v2, "version 1". */
function versionsSaid(reading: Reading, versions: readonly string[]): { value: string; from: number; to: number }[] {
  const { tokens } = reading;
  const found: { value: string; from: number; to: number }[] = [];
  tokens.forEach((token, at) => {
    const term = reading.terms.findIndex((one) => one.to > at);
    // "v2 말고 v1"
    if (isNegated(reading.terms, term)) return;
    if (token.kind === 'version') found.push({ value: token.text, from: at, to: at + 1 });
    const prefixed = ['v', 'version', '버전', '버젼', 'ver'].includes(tokens[at - 1]?.text ?? '');
    const suffixed = ['버전', '버젼'].includes(tokens[at + 1]?.text ?? '');
    if (token.kind === 'number' && (prefixed || suffixed || token.text.includes('.'))) {
      const value = versions.find((version) => version === token.text || version.startsWith(`${token.text}.`));
      const said =
        value ?? ((prefixed || suffixed) && versions.length > 0 && /^\d/.test(token.text) ? token.text : undefined);
      if (said) found.push({ value: said, from: prefixed ? at - 1 : at, to: at + 1 });
    }
  });
  return found;
}

/** The registered model that a message means, with its version where it names one. */
export function findModel(reading: Reading, project: Project, options: ModelOptions = {}): Reference {
  const models = project.context.models ?? [];
  const { language } = reading;
  const best = bestOf(reading.ownModels).filter((hit) => hit.exact || !speaksOfOther(reading, hit.item.name));
  const all = (list: readonly ContextModel[]) => list.slice(0, MOST_OPTIONS).map((model) => model.name);
  const [missed] = best.length === 0 ? reading.missedThings : [];
  if (missed && !options.optional) {
    const names = nearestNamesFirst(
      models.map((one) => one.name),
      missed.text,
    ).slice(0, MOST_OPTIONS);
    return { ...nothing, questions: [ask.unknownOf(language, 'model', missed.text, names)] };
  }
  let model: ContextModel | undefined;
  const origin: Origins = {};
  const [one] = best;
  const before = one ? undefined : mentionedBefore(reading, project, 'ownModels');
  if (one && best.length === 1) {
    model = one.item;
    origin.model = { kind: 'message', span: spanOf(reading, one.from, one.to) };
  } else if (best.length > 1) {
    return options.optional
      ? nothing
      : { ...nothing, questions: [ask.whichOf(language, 'model', all(best.map((hit) => hit.item)))] };
  } else if (before) {
    model = before;
    origin.model = { kind: 'history' };
  } else if (
    reading.models.length === 0 &&
    reading.datasets.length === 0 &&
    models.length === 1 &&
    !speaksOfOther(reading, undefined)
  ) {
    model = models[0];
    origin.model = {
      kind: 'default',
      reason: say({ ko: '등록된 모델이 이것뿐이에요', en: 'It is the only registered model' }, language),
    };
  }
  if (!model)
    return options.optional ? nothing : { ...nothing, questions: [ask.whichOf(language, 'model', all(models))] };

  const versions = model.versions ?? [];
  const [version] = versionsSaid(reading, versions);
  const args: Record<string, unknown> = { model: model.name };
  if (version) {
    if (versions.length > 0 && !versions.includes(version.value)) {
      return { args, origin, questions: [ask.whichOf(language, 'version', [...versions].slice(-MOST_OPTIONS))] };
    }
    args.version = version.value;
    origin.version = { kind: 'message', span: spanOf(reading, version.from, version.to) };
  } else if (options.newestVersion && versions.length > 0) {
    args.version = newest(versions);
    origin.version = {
      kind: 'default',
      reason: say(
        { ko: '버전을 말씀하지 않아 가장 새 버전으로 했어요', en: 'No version was named; this is the newest' },
        language,
      ),
    };
  }
  return { args, origin, questions: [] };
}

/** Things named in a message, in its order, with the words from the first to the last of them. */
function listed(
  reading: Reading,
  key: 'runs' | 'models',
  hits: { value: string; from: number; to: number }[],
): Reference {
  const inOrder = [...hits].sort((a, b) => a.from - b.from);
  const [from, to] = [Math.min(...hits.map((hit) => hit.from)), Math.max(...hits.map((hit) => hit.to))];
  return {
    args: { [key]: [...new Set(inOrder.map((hit) => hit.value))] },
    origin: { [key]: { kind: 'message', span: spanOf(reading, from, to) } },
    questions: [],
  };
}

/** Things that were meant without being named: "all runs", "the last two". */
function meant(reading: Reading, key: 'runs' | 'models', values: string[]): Reference {
  const reason = say(
    { ko: '이름을 말씀하지 않아 맞는 것을 모두 골랐어요', en: 'None was named; these are the ones that fit' },
    reading.language,
  );
  return { args: { [key]: values }, origin: { [key]: { kind: 'default', reason } }, questions: [] };
}

/** What is to be compared: runs, versions of one model, registered models, or models of the catalogue. */
const STATES: [string, string[]][] = [
  ['completed', ['completed', 'succeeded']],
  ['failed', ['failed']],
  ['running', ['running']],
];

/** "the two finished garment runs": of several runs those in the state that is said. */
function ofSaidState(reading: Reading, hits: Named<ContextRun>[]): Named<ContextRun>[] {
  const [, statuses] = STATES.find(([concept]) => says(reading, concept)) ?? [];
  const inState = hits.filter((hit) => statuses?.includes(hit.item.status));
  return inState.length > 1 ? inState : hits;
}

// "the last run and the one before"
const PREVIOUS = /\b(?:previous|before)\b|이전|직전|그 ?전/;

export function compareTargets(reading: Reading, project: Project): Reference {
  const { terms, language, ownRuns, ownModels } = reading;
  const models = project.context.models ?? [];
  const runs = project.context.runs ?? [];
  const runRefs = (hits: Named<ContextRun>[]) => hits.map((hit) => ({ ...hit, value: hit.item.id }));
  const modelRefs = (hits: Named<ContextModel>[]) => hits.map((hit) => ({ ...hit, value: hit.item.name }));
  const exactRuns = ownRuns.filter((hit) => hit.exact);
  const exactModels = ownModels.filter((hit) => hit.exact);

  const one = bestOf(ownModels)[0]?.item;
  const versions = one ? versionsSaid(reading, one.versions ?? []) : [];
  if (one && versions.length > 1) {
    return listed(
      reading,
      'models',
      versions.map((version) => ({ ...version, value: `${one.name}@${version.value}` })),
    );
  }
  const saysModels = says(reading, 'noun.model') && !says(reading, 'noun.run');
  if (saysModels && exactModels.length > 1) return listed(reading, 'models', modelRefs(exactModels));
  if (exactRuns.length > 1) return listed(reading, 'runs', runRefs(exactRuns));
  if (exactModels.length > 1) return listed(reading, 'models', modelRefs(exactModels));
  const ids = runs.flatMap((run) => {
    const hit = byId(reading, [run]);
    return hit ? [{ ...hit, value: run.id }] : [];
  });
  if (ids.length > 1) return listed(reading, 'runs', ids);
  // Words may name several runs at once: "the leaf runs". What only shares a number with them is not among those.
  const strong = ofSaidState(
    reading,
    ownRuns.filter((hit) => hit.score >= 3),
  );
  // "resnet50 vs vit on garments" leaves out the third garment run.
  const named = strong.filter((hit) => hit.score > 0.6 * (strong[1]?.score ?? 0));
  if (strong.length > 1 && (strong[0]?.score ?? 0) - (strong[1]?.score ?? 0) < 8)
    return listed(reading, 'runs', runRefs(named));
  const zoo = reading.models.flatMap((model) =>
    model.name ? [{ value: model.name, from: model.from, to: model.to }] : [],
  );
  if (new Set(zoo.map((model) => model.value)).size > 1) return listed(reading, 'models', zoo);

  // "compare the last run with cats-resnet50"
  const [other, ...more] = exactRuns.length > 0 ? exactRuns : strong;
  const [newest] = runs;
  if (newest && meansNewest(reading) && other && more.length === 0 && other.item !== newest) {
    const both = runRefs([other]);
    const at = terms.find((term) => has(term, 'latest', 'newest', 'ordinal')) ?? other;
    return listed(reading, 'runs', [{ value: newest.id, from: at.from, to: at.to }, ...both]);
  }
  const nobody = ownRuns.length === 0;
  const two =
    terms.some((term) => term.number?.value === 2) || says(reading, 'all') || PREVIOUS.test(reading.text.chars);
  if (nobody && says(reading, 'all') && runs.length > 1 && !says(reading, 'latest'))
    return meant(
      reading,
      'runs',
      runs.map((run) => run.id),
    );
  if (nobody && two && says(reading, 'latest', 'noun.run') && runs.length >= 2)
    return meant(
      reading,
      'runs',
      runs.slice(0, 2).map((run) => run.id),
    );
  if (nobody && says(reading, 'noun.model') && models.length === 2)
    return meant(
      reading,
      'models',
      models.map((model) => model.name),
    );
  const options = (runs.length > 0 ? runs.map((run) => run.name) : models.map((model) => model.name)).slice(
    0,
    MOST_OPTIONS,
  );
  return { ...nothing, questions: [ask.whichOf(language, 'runs', options)] };
}

/** Runs whose id stands in the message. */
export function runsById(reading: Reading, project: Project): ContextRun[] {
  return (project.context.runs ?? []).filter(
    (run) => run.id.length > 3 && reading.text.chars.includes(run.id.toLowerCase()),
  );
}

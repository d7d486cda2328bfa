import { curvesOf } from '../insights/diagnosis/curves.js';
import { diagnose } from '../insights/diagnosis/diagnose.js';
import { GLOSSARY } from '../insights/glossary/glossary.js';
import { bestModel } from '../insights/topics/best-model.js';
import { bestRun, fastestRun } from '../insights/topics/best-run.js';
import { compare, contenderOfRun, contenderOfVersion } from '../insights/topics/comparison.js';
import { explainWord, unknownWord } from '../insights/topics/concept.js';
import { durationOf } from '../insights/topics/duration.js';
import {
  modelMissing,
  noModels,
  noRuns,
  noSource,
  nothingFailed,
  notTwo,
  runMissing,
} from '../insights/topics/missing.js';
import { overview } from '../insights/topics/overview.js';
import { runSetting, runSettings } from '../insights/topics/run-settings.js';
import { outlineOf } from '../insights/topics/run-words.js';
import { weakClasses } from '../insights/topics/weak-classes.js';
import { whatNext } from '../insights/topics/what-next.js';
import { whyFailed } from '../insights/topics/why-failed.js';
import { whyNotImproving } from '../insights/topics/why-not-improving.js';
import { compareZoo } from '../insights/topics/zoo-comparison.js';
import type { Both } from '../insights/wording/sentence.js';
import {
  broken,
  declined,
  diverged,
  done,
  inState,
  models,
  other,
  RISING,
  running,
  runs,
  second,
  small,
  versionOf,
  versions,
  zoo,
} from './project-evidence.js';
import { someTraining } from './trainings.js';

const NOW_MS = Date.parse('2026-11-21T09:10:00Z');

/** Every topic in every state that it has a sentence for. */
export const ANSWERS: Record<string, Both[]> = {
  'why: done': whyNotImproving(done),
  'why: worse after its best': whyNotImproving(declined),
  'why: running': whyNotImproving(running()),
  'why: queued': whyNotImproving(inState('queued', { startedAt: null })),
  'why: no curve, an accuracy': whyNotImproving({ ...done, snapshot: null, curves: curvesOf(null) }),
  'why: ended without anything': whyNotImproving(inState('cancelled')),
  'why: diverged': whyNotImproving(diverged),
  'failed: a loss that is no number': whyFailed(broken),
  'failed: diverged': whyFailed(diverged),
  'failed: did not': whyFailed(done),
  'failed: cancelled': whyFailed(inState('cancelled')),
  'best run': bestRun(runs).says,
  'best run: fastest': fastestRun(runs).says,
  'best run: none': bestRun([inState('failed').run]).says,
  'best model': bestModel(versions, 'accuracy'),
  'best model: size': bestModel(versions, 'size'),
  'best model: speed': bestModel(versions, 'speed'),
  'best model: edge': bestModel(versions, 'edge'),
  'best model: none has a file': bestModel([versionOf({ onnxBytes: null })], 'edge'),
  'best model: none': bestModel([], 'accuracy'),
  'weak classes': weakClasses(other.run),
  'weak classes: none': weakClasses(
    someTraining({
      curves: RISING,
      result: { perClass: [{ name: 'cat', precision: 1, recall: 1, f1: 1, support: 50 }] },
    }).run,
  ),
  'weak classes: no result': weakClasses(inState('running').run),
  settings: runSettings(second.run),
  'one setting': ['learning rate', 'augmentation'].flatMap((word) => runSetting(second.run, word) ?? []),
  'settings: sgd': runSettings(
    someTraining({ values: { optimizer: 'sgd', dropout: 0.2, labelSmoothing: 0.1, warmupEpochs: 2 } }).run,
  ),
  'duration: done': durationOf(done, NOW_MS),
  'duration: running': durationOf(running(), NOW_MS),
  'duration: just begun': durationOf(inState('running'), NOW_MS),
  'duration: queued': durationOf(inState('queued', { startedAt: null }), NOW_MS),
  'duration: cancelled in line': durationOf(
    inState('cancelled', { startedAt: null, endedAt: '2026-11-21T09:01:00.000Z' }),
    NOW_MS,
  ),
  'duration: failed': durationOf(broken, NOW_MS),
  'next: done': whatNext(done, [done.run]),
  'next: running': whatNext(running(), runs),
  'next: failed': whatNext(broken, runs),
  'compare: one setting': compare([
    contenderOfRun(done.run),
    contenderOfRun({
      ...done.run,
      id: 'run_9',
      name: 'pets-resnet18-9',
      valAccuracy: 0.99,
      config: { ...done.run.config, hyperparameters: { ...done.run.config.hyperparameters, batchSize: 16 } },
    }),
  ]),
  'compare: many settings': compare([
    contenderOfRun(done.run),
    contenderOfRun({ ...second.run, config: { ...second.run.config, dataset: done.run.config.dataset } }),
  ]),
  'compare: other data': compare([
    contenderOfRun(done.run),
    contenderOfRun(other.run),
    contenderOfRun(inState('running').run),
  ]),
  'compare: versions': compare(versions.slice(0, 2).map(contenderOfVersion)),
  'compare: uploaded': compare(
    [versionOf({}), versionOf({ ...small, config: null, result: null })].map(contenderOfVersion),
  ),
  'best model: withdrawn': bestModel([versionOf({ deprecation: 'wrong labels' })], 'accuracy'),
  'compare: the same': compare([contenderOfRun(done.run), contenderOfRun(done.run)]),
  'compare: catalogue': compareZoo(zoo, [{ ...done.run, modelName: 'resnet50' }]),
  overview: overview(done, runs).says,
  'overview: failed': overview(broken, [broken.run]).says,
  outlines: [done, broken, inState('cancelled'), running(), someTraining()].map(({ run }) => outlineOf(run)),
  missing: [
    runMissing(runs),
    modelMissing(models),
    runMissing([]),
    modelMissing([]),
    noRuns,
    noModels,
    noSource,
    nothingFailed,
    notTwo,
  ],
  ...Object.fromEntries(GLOSSARY.map(({ term }) => [`concept: ${term}`, explainWord(term, second.run) ?? []])),
  'concept: unknown': unknownWord(),
  'all findings': [
    ...diagnose(done),
    ...diagnose(second),
    ...diagnose(
      someTraining({ curves: { ...RISING, val_accuracy: [0.5, 0.98, 0.98, 0.981] }, images: { cat: 100, dog: 10 } }),
    ),
    ...diagnose(
      someTraining({
        curves: { ...RISING, train_accuracy: [0.5, 0.5, 0.5, 0.6], val_accuracy: [0.5, 0.6, 0.6, 0.6] },
        images: { '1반': 100, '2반': 10 },
        imageSide: 640,
        values: { augmentation: 'heavy' },
      }),
    ),
    ...diagnose(broken),
  ].flatMap(({ says, tries }) => [says, ...tries.flatMap((one) => (one ? [one.says] : []))]),
};

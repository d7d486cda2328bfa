import { mlflowExport } from './mlflow/mlflow-export.js';
import { mlflowImport } from './mlflow/mlflow-import.js';
import { model } from './model/model.js';
import { query } from './query/query.js';
import { notes, Refusal, type Sentence, terminalLocale } from './sentences.js';
import { readSettings, type Settings } from './settings.js';
import { onEndSignal } from './signals.js';
import { Mallo } from './supervisor/mallo.js';
import { token } from './token/token.js';
import { train } from './train/train.js';

const locale = terminalLocale();
const say = (sentence: Sentence) => console.log(sentence[locale]);
const complain = (sentence: Sentence) => console.error(sentence[locale]);
const listener = {
  restarting: (part: string) => complain(notes.restarting(part)),
  gaveUp: (problem: Refusal) => complain(problem.sentence),
};

/** Runs Mallo until it is told to end. */
async function serve(settings: Settings): Promise<number> {
  await import('./supervisor/at-rest.js');
  const mallo = new Mallo(settings, listener);
  const told = new Promise<void>((resolve) =>
    onEndSignal((_signal, times) => {
      resolve();
      if (times < 2) return;
      mallo.kill();
      process.exit(1);
    }),
  );
  say(notes.preparing());
  const started = mallo.start();
  const ready = await Promise.race([started, told]);
  if (ready) {
    say(notes.ready(ready.url));
    await told;
  }
  started.catch(() => undefined);
  say(notes.stopping());
  await mallo.stop();
  say(notes.stopped());
  return 0;
}

const [command = 'serve', ...words] = process.argv.slice(2);
try {
  const settings = readSettings();
  if (command === 'train') process.exitCode = await train(words.join(' '), settings, locale, listener);
  else if (command === 'token') process.exitCode = await token(words.join(' '), settings, locale);
  else if (command === 'query') process.exitCode = await query(words, settings, locale);
  else if (command === 'model') process.exitCode = await model(words, settings, locale);
  else if (command === 'mlflow:import') process.exitCode = await mlflowImport(words, settings, locale);
  else if (command === 'mlflow:export') process.exitCode = await mlflowExport(words, settings, locale);
  else process.exitCode = await serve(settings);
} catch (error) {
  if (error instanceof Refusal) complain(error.sentence);
  else console.error(error);
  process.exitCode = error instanceof Refusal ? error.exitCode : 1;
}
process.exit();

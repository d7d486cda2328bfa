import { ApiError, type Client, UnreachableError } from '@mallo/client';
import { configRoutes, type Locale, type Run, runRoutes } from '@mallo/contracts';
import { Refusal, type Sentence } from '../sentences.js';
import type { Settings } from '../settings.js';
import { type EndSignal, onEndSignal } from '../signals.js';
import { type Listener, Mallo, type Place } from '../supervisor/mallo.js';
import { agreeOn } from './agree.js';
import { ask, canAsk } from './ask.js';
import { configTable } from './config-table.js';
import { findRunning, signIn, waitUntilUsable } from './connect.js';
import { follow } from './follow.js';
import { percent } from './screen.js';
import { words } from './words.js';

const EXIT = { trained: 0, failed: 1, needs_answer: 2, interrupted: 130, terminated: 143 };

/** What a request to end means at the moment; it changes once there is a training. */
type Attention = {
  onEnd: (signal: EndSignal, times: number) => void;
  /** Whether Mallo ends with this terminal. */
  endsMallo: boolean;
};

/** Does the whole job of one sentence in the terminal, with the Mallo that runs or with one of its own. */
export async function train(sentence: string, settings: Settings, locale: Locale, listener: Listener): Promise<number> {
  const say = (text: Sentence) => console.log(text[locale]);
  const running = await findRunning(settings);
  const own = running ? null : new Mallo(settings, listener);
  const left = Promise.withResolvers<number>();
  const attention: Attention = {
    endsMallo: own !== null,
    onEnd: (signal) => left.resolve(signal === 'interrupt' ? EXIT.interrupted : EXIT.terminated),
  };
  onEndSignal((signal, times) => {
    attention.onEnd(signal, times);
    if (times < 3) return;
    own?.kill();
    process.exit(EXIT.interrupted);
  });

  const job = async () => {
    say(running ? words.usesRunning(running.url) : words.starting());
    if (running) await waitUntilUsable(running);
    const place = running ?? (await (own as Mallo).start());
    const client = await signIn(place.door, settings.MALLO_HOME);
    return carryOut(client, place, sentence, locale, attention);
  };
  try {
    return await Promise.race([job(), left.promise]);
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnreachableError) throw new Refusal(error.messages);
    throw error;
  } finally {
    if (own) {
      say(words.stopping());
      await own.stop();
      say(words.stopped());
    }
  }
}

async function carryOut(
  client: Client,
  place: Place,
  sentence: string,
  locale: Locale,
  attention: Attention,
): Promise<number> {
  const agreed = await agreeOn(client, sentence, locale);
  if (!agreed.card) {
    return { answered: 0, needs_answer: EXIT.needs_answer, refused: EXIT.failed, interrupted: EXIT.interrupted }[
      agreed.why
    ];
  }
  const { card, message } = agreed;
  console.log(`\n${configTable(card, message, locale).join('\n')}\n`);
  const { runId } = await client.call(configRoutes.start, { params: { configId: card.id }, body: { hash: card.hash } });
  console.log(words.started()[locale]);
  const run = await followUntilEnd(client, runId, locale, attention);
  return run ? tellEnd(run, place, locale) : EXIT.terminated;
}

/** The run once it has ended; null when this terminal has to go before that. */
async function followUntilEnd(
  client: Client,
  runId: string,
  locale: Locale,
  attention: Attention,
): Promise<Run | null> {
  const following = follow(client, runId, locale);
  const left = Promise.withResolvers<null>();
  const over = new AbortController();

  const cancel = async () => {
    console.log(words.cancelling()[locale]);
    try {
      await client.call(runRoutes.cancel, { params: { runId } });
    } catch (error) {
      // It has ended by itself in the meantime, and is about to be told of.
      if (!(error instanceof ApiError && error.code === 'run.finished')) throw error;
    }
  };
  const offerToCancel = async () => {
    following.pause();
    const answer = canAsk() ? await ask(words.askCancel()[locale], over.signal) : 'y';
    // Ctrl-C once more instead of an answer is an answer.
    if (!over.signal.aborted && (answer === null || /^(y|yes|네|예|ㅇ)/i.test(answer))) await cancel();
    following.resume();
  };
  attention.onEnd = (signal) => {
    if (signal === 'interrupt') {
      offerToCancel().catch((error: Error) => console.error(error.message));
      return;
    }
    following.stop();
    console.log(words.goesOn(attention.endsMallo)[locale]);
    left.resolve(null);
  };
  try {
    return await Promise.race([following.ended, left.promise]);
  } finally {
    over.abort();
    following.stop();
  }
}

function tellEnd(run: Run, place: Place, locale: Locale): number {
  if (run.status === 'cancelled') {
    console.log(words.cancelled()[locale]);
    return EXIT.interrupted;
  }
  if (run.status !== 'completed' || !run.model || run.valAccuracy === null) {
    console.error(words.failed()[locale]);
    if (run.problem) console.error(run.problem.message[locale]);
    return EXIT.failed;
  }
  const { modelId, name, version } = run.model;
  for (const notice of run.notices) console.log(notice.message[locale]);
  console.log(words.done(percent(run.valAccuracy))[locale]);
  console.log(words.model(name, version)[locale]);
  console.log(`${place.url}/models/${modelId}?version=${version}`);
  return EXIT.trained;
}

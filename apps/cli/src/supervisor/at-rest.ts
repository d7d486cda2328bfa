import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A start is over by then, and whoever waited for it has the first page. */
const START_MS = 15_000;

/**
 * Loaded with `node --import` into every part, and by the supervisor: gives back once what a program needed only to start.
 * V8 collects when it needs room, so that what rests would hold that for ever.
 */
setTimeout(() => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  collect({ type: 'major', flavor: 'last-resort' });
}, START_MS).unref();

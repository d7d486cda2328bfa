import { type Client, type LinkState, type RunView, watchRun } from '@mallo/client';
import { ENDED_STATUSES, type Locale, type Run, runRoutes } from '@mallo/contracts';
import { epochLines, screenOf } from './screen.js';
import { stepNames } from './words.js';

const REDRAW_MS = 250;

export type Following = {
  /** The run once it has ended. */
  ended: Promise<Run>;
  /** Stops drawing, so that something else can be asked or said; the training is watched on. */
  pause(): void;
  resume(): void;
  stop(): void;
};

/** Shows a run until it ends: a redrawn chart in a terminal, otherwise a line for each step and epoch. */
export function follow(client: Client, runId: string, locale: Locale): Following {
  const terminal = process.stdout.isTTY;
  let run: Run | null = null;
  let view: RunView | null = null;
  let link: LinkState = 'connecting';
  let paused = false;
  let drawn = 0;
  let epochShown = 0;
  const stepsShown = new Set<string>();

  const erase = () => {
    if (drawn > 0) process.stdout.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    if (paused || !run) return;
    if (terminal) {
      const lines = screenOf(view, run, link !== 'reconnecting', locale, process.stdout.columns || 80);
      erase();
      process.stdout.write(`${lines.join('\n')}\n`);
      drawn = lines.length;
      return;
    }
    for (const { name, status } of run.steps) {
      if (status === 'pending' || stepsShown.has(name)) continue;
      stepsShown.add(name);
      console.log(stepNames[name][locale]);
    }
    for (const { epoch, line } of view ? epochLines(view, epochShown, locale) : []) {
      console.log(`  ${line}`);
      epochShown = epoch;
    }
  };
  const timer = setInterval(draw, REDRAW_MS);

  const stop = () => {
    clearInterval(timer);
    unwatch();
    erase();
  };
  let unwatch = () => {};
  const ended = new Promise<Run>((resolve, reject) => {
    const look = async () => {
      const latest = await client.call(runRoutes.get, { params: { runId } });
      run = latest;
      if (!ENDED_STATUSES.includes(latest.status)) return;
      // The last picture stays in the terminal.
      draw();
      drawn = 0;
      stop();
      resolve(latest);
    };
    const give = (error: unknown) => {
      stop();
      reject(error);
    };
    unwatch = watchRun(client, runId, {
      onView: (latest) => {
        view = latest;
      },
      onLink: (state) => {
        link = state;
      },
      // A call that finds the api away is made again when telemetry tells of the run the next time.
      onRunChanged: () => void look().catch((error: Error) => error.name !== 'UnreachableError' && give(error)),
      onError: give,
    });
  });
  return {
    ended,
    stop,
    pause: () => {
      erase();
      paused = true;
    },
    resume: () => {
      paused = false;
    },
  };
}

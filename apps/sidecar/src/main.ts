import { pino } from 'pino';
import { Artifacts } from './artifacts.js';
import { claim } from './claim.js';
import { Connection, RunGoneError } from './connection.js';
import { deliverLog } from './deliver-log.js';
import { MachineSampler, machineEvents } from './machine-sampler.js';
import { RunFolder } from './run-folder.js';
import { TrainerLines } from './trainer-events.js';

/** node dist/main.js RUN_FOLDER: delivers what a trainer says and makes, until all of it is delivered. */
async function main(path: string): Promise<void> {
  // All that matters is in files at every moment, so there is nothing to tidy up.
  process.once('SIGTERM', () => process.exit(0));
  process.once('SIGINT', () => process.exit(0));

  const folder = new RunFolder(path);
  const hasEnded = async () => (await folder.trainerExitCode()) !== null;
  if ((await folder.has('sidecar.done')) && (await hasEnded())) return;
  await claim(folder, () => {
    log.info('another sidecar has taken over, or the folder is gone');
    process.exit(0);
  });

  const connection = new Connection(folder, log);
  const artifacts = new Artifacts(folder, connection, log);
  const trainerLog = (stream: 'stdout' | 'stderr') => {
    const lines = new TrainerLines(stream, (name) => artifacts.checkpointWritten(name));
    return deliverLog(
      {
        writer: stream,
        path: folder.file(`${stream}.log`),
        eventsOf: (line, timeMs) => lines.eventsOf(line, timeMs),
        remember: (line) => lines.remember(line),
        hasEnded,
      },
      connection,
    );
  };
  const sampler = new MachineSampler(folder, log);
  if (!(await hasEnded())) await sampler.start();
  const machine = deliverLog(
    {
      writer: 'machine',
      path: folder.file('machine.jsonl'),
      eventsOf: machineEvents,
      hasEnded: async () => {
        const ended = await hasEnded();
        if (ended) await sampler.stop();
        return ended;
      },
    },
    connection,
  );
  const [refused] = await Promise.all([artifacts.deliver(), trainerLog('stdout'), trainerLog('stderr'), machine]);
  await folder.replace('sidecar.done', JSON.stringify({ refused }));
  log.info({ refused }, 'everything is delivered');
}

const log = pino({ name: 'sidecar' });
const [path] = process.argv.slice(2);
if (!path) {
  log.error('usage: main.js RUN_FOLDER');
  process.exit(2);
}
main(path).then(
  () => process.exit(0),
  (error: unknown) => {
    log.error({ err: error }, error instanceof RunGoneError ? 'the run is gone' : 'the sidecar cannot go on');
    process.exit(1);
  },
);

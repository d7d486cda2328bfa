// How long the pages that MLflow's own cannot open take until the first of them is seen.
//   node benchmarks/telemetry/page/first-paint.mjs
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { prepare, ROOT } from '../../../scripts/setup/prepare.mjs';

await prepare({});
const { Visit } = await import(join(ROOT, 'e2e/system/visit.ts'));
const { LoggingProgram } = await import(join(ROOT, 'e2e/system/mlflow.ts'));
const paint = await import(join(ROOT, 'e2e/system/first-paint.ts'));
const { projectRoutes } = await import(join(ROOT, 'packages/contracts/dist/index.js'));

const { COMPARED, MANY_METRICS, MANY_RUNS } = paint;
const TIMES = 3;

const visit = await Visit.begin();
try {
  const { mallo, page } = visit;
  const client = await visit.signUp();
  const [project] = await client.call(projectRoutes.list);
  const projectId = project?.id ?? (await client.call(projectRoutes.create, { body: { name: 'pages' } })).id;
  const program = await LoggingProgram.of(mallo.url, client, projectId);
  console.log(`load of the machine before: ${loadavg()[0].toFixed(1)}`);
  console.log(line(['', 'just after logging', ...Array.from({ length: TIMES - 1 }, () => 'again'), 'goal 1,000 ms']));

  const wideRun = await paint.logWideRun(program);
  await tell(`one run of ${MANY_METRICS} metric names`, () => paint.openWideRun(page, mallo.url, wideRun));
  await paint.logManyRuns(program, MANY_RUNS - 1);
  await tell(`${MANY_RUNS} runs`, () => paint.openManyRuns(page, mallo.url, projectId));
  await tell(`${COMPARED} runs compared`, () => paint.openCompared(page, mallo.url, projectId));
  console.log(`load of the machine after: ${loadavg()[0].toFixed(1)}`);
} finally {
  await visit[Symbol.asyncDispose]();
}

async function tell(what, open) {
  const times = [];
  for (let time = 0; time < TIMES; time += 1) times.push(await open());
  console.log(line([what, ...times.map((ms) => `${ms} ms`), times[0] <= 1000 ? 'met' : 'missed']));
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd([34, 20, 12, 12, 0][at])).join(' ');
}

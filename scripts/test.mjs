// npm test: every check of the project, on a fresh machine too. `--only lint|unit|python|e2e` for one part.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { prepare, ROOT, workspaceFolders } from './setup/prepare.mjs';
import { terminalLocale } from './setup/sentences.mjs';
import { endRunning } from './setup/steps.mjs';
import { listSuites } from './setup/suites.mjs';

const AT_ONCE = 2;
const PARTS = ['lint', 'unit', 'python', 'e2e'];
/** Settings of somebody's own Mallo are none of the tests', least of all the keys of paid services. */
const SETTINGS =
  /^(PORT|HOST|DATABASE_URL|REDIS_URL|LOG_LEVEL|MALLO_(?!E2E_|TEST_).*|(ANTHROPIC|OPENAI)_(API_KEY|BASE_URL))$/;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endRunning('SIGTERM');
    process.exit(130);
  });
}

try {
  process.exitCode = await test(readOnly(process.argv.slice(2)));
} catch (error) {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  console.log('total: 0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}

function readOnly(args) {
  if (args.length === 0) return null;
  const part = args[0] === '--only' ? args[1] : args[0].replace(/^--only=/, '');
  if (PARTS.includes(part)) return part;
  console.error(`npm test -- --only ${PARTS.join('|')}`);
  process.exit(2);
}

async function test(only) {
  const { env } = await prepare({ python: 'develop' });
  const clean = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !SETTINGS.test(name))),
    // Threads of PyTorch that wait for each other sleep: by default they spin, where others need the processor.
    OMP_WAIT_POLICY: 'passive',
  };
  const reports = join(ROOT, '.tools', 'reports');
  rmSync(reports, { recursive: true, force: true });
  const suites = listSuites(ROOT, workspaceFolders(), clean, reports).filter(({ part }) => !only || part === only);
  const results = [
    ...(await runAll(
      suites.filter(({ isAlone }) => !isAlone),
      AT_ONCE,
    )),
    ...(await runAll(
      suites.filter(({ isAlone }) => isAlone),
      1,
    )),
  ];
  return tell(results);
}

async function runAll(suites, atOnce) {
  const waiting = [...suites];
  const results = [];
  const worker = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
      const began = Date.now();
      const result = await suite.run();
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      const { passed, failed, skipped } = result;
      const counts = [`${passed} passed`, failed && `${failed} failed`, skipped.length && `${skipped.length} skipped`];
      console.log(`${failed ? '✗' : '✓'} ${suite.name}  ${counts.filter(Boolean).join(', ')}  ${seconds} s`);
      results.push({ name: suite.name, ...result });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Failures in full, what was skipped and why, and the one line of totals, last. */
function tell(results) {
  for (const { name, output } of results.filter(({ failed }) => failed)) {
    console.log(`\n━━━ ${name} ━━━\n${output.trimEnd()}`);
  }
  const skipped = results.flatMap((result) => result.skipped);
  if (skipped.length > 0) console.log('\nskipped:');
  for (const { name, reason } of skipped) console.log(`  ${name}: ${reason}`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\ntotal: ${sum('passed')} passed, ${sum('failed')} failed, ${skipped.length} skipped`);
  return sum('failed') > 0 ? 1 : 0;
}

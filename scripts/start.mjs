// npm start: brings what Mallo needs and runs it. Plain Node 20.19 or newer, before anything is installed.
import process from 'node:process';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  // Before anything else is loaded: an old Node could not even read it.
  const { Refusal, refusals } = await import('./setup/sentences.mjs');
  await end(new Refusal(refusals.oldNode(process.versions.node)));
}
const { spawn } = await import('node:child_process');
const { join } = await import('node:path');
const { endRunning } = await import('./setup/steps.mjs');
const { asBuilt, prepare, ROOT } = await import('./setup/prepare.mjs');
const { checkPort, doesMalloRun } = await import('./setup/machine.mjs');
const { help, Refusal, refusals, terminalLocale } = await import('./setup/sentences.mjs');

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) console.log(help[terminalLocale()]);
  else if (asked.parser) await runParser(asked.port);
  else if (asked.command) await runCommand(asked.command);
  else if (asked.token) await runCommand(['token', asked.sentence]);
  else await runMallo(asked.sentence);
} catch (error) {
  await end(error);
}

/** `parser --port N`, `token PROJECT`, `model …`, `query …`, `mlflow:import …`, words of a sentence, `--help`, or nothing. */
function readArguments(args) {
  if (args.includes('--help') || args.includes('-h')) return { help: true };
  // What follows is read by the command itself.
  if (['model', 'query', 'mlflow:import', 'mlflow:export'].includes(args[0])) return { command: args };
  const parser = args[0] === 'parser';
  const token = args[0] === 'token';
  let port = process.env.PORT || '4470';
  const words = [];
  for (let at = parser || token ? 1 : 0; at < args.length; at += 1) {
    const [option, value] = args[at].split('=', 2);
    if (parser && option === '--port') port = value ?? args[++at] ?? '';
    else if (args[at].startsWith('-')) throw new Refusal(refusals.unknownOption(option), { exitCode: 2 });
    else words.push(args[at]);
  }
  if (parser && !(Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536)) {
    throw new Refusal(refusals.notAPort(port), { exitCode: 2 });
  }
  return { parser, token, port: Number(port), sentence: words.join(' ').trim() };
}

async function runMallo(sentence) {
  passOnDuringSetup();
  const port = Number(process.env.PORT || 4460);
  // The one that counts is the supervisor's own; a sentence alone may use a Mallo that has this port.
  const host = process.env.HOST || '127.0.0.1';
  const beforehand = async () => sentence || (await checkPort(port, host, (other) => `PORT=${other} npm start`));
  const built = sentence && (await doesMalloRun()) ? asBuilt() : null;
  const { node, env } = built ?? (await prepare({ python: 'run', beforehand }));
  const args = [join(ROOT, 'apps', 'cli', 'dist', 'main.js'), ...(sentence ? ['train', sentence] : ['serve'])];
  await handOver(node, args, env);
}

/** Something for the Mallo that runs, as it was built: to build anew would change the pages that it serves under it. */
async function runCommand(words) {
  passOnDuringSetup();
  const { node, env } = asBuilt() ?? (await prepare({ python: 'run' }));
  await handOver(node, [join(ROOT, 'apps', 'cli', 'dist', 'main.js'), ...words.filter(Boolean)], env);
}

/** The parser alone: no Python, no database. */
async function runParser(port) {
  passOnDuringSetup();
  await checkPort(port, '127.0.0.1', (other) => `npm run parser -- --port ${other}`);
  const { node, env } = await prepare({ packages: '@mallo/intent-parser...' });
  const main = join(ROOT, 'apps', 'intent-parser', 'dist', 'main.js');
  await handOver(node, [main], { ...env, PORT: String(port) });
}

function passOnDuringSetup() {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ]) {
    process.once(signal, () => {
      endRunning('SIGTERM');
      process.exit(128 + number);
    });
  }
}

/** Lets a program have this terminal and ends as it ends. The channel tells it when this process is gone. */
async function handOver(command, args, env) {
  const handedOver = { ...env, MALLO_LOCALE: terminalLocale() };
  // They were for the tools of the setup.
  for (const name of ['CI', 'FORCE_COLOR']) {
    if (process.env[name] === undefined) delete handedOver[name];
    else handedOver[name] = process.env[name];
  }
  const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: handedOver, cwd: ROOT });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...ended) => resolve(ended));
  });
  process.exit(code ?? (signal === 'SIGKILL' ? 137 : 143));
}

/** One sentence, in the language of the terminal. */
async function end(error) {
  const { terminalLocale: localeOf, refusals: known } = await import('./setup/sentences.mjs');
  let { sentence } = error;
  if (error.code === 'ENOSPC') sentence = known.diskFull(process.cwd());
  if (error.code === 'EACCES' || error.code === 'EROFS') sentence = known.notWritable(error.path ?? process.cwd());
  if (sentence) console.error(sentence[localeOf()]);
  else console.error(error);
  if (error.details) console.error(error.details);
  process.exit(error.exitCode ?? 1);
}

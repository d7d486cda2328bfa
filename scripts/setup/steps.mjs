import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, refusals, terminalLocale } from './sentences.mjs';

/**
 * @typedef {{ title: import('./sentences.mjs').Sentence, needed: boolean, run: (show: (line: string) => void) => Promise<void> }} Step
 */

const PLAIN_EVERY_MS = 15_000;
const locale = terminalLocale();

/** Runs those steps that are needed, showing for each its number, the time it takes and its last line of output. */
export async function runSteps(/** @type {Step[]} */ steps) {
  const needed = steps.filter((step) => step.needed);
  for (const [index, step] of needed.entries()) {
    await showProgress(`[${index + 1}/${needed.length}] ${step.title[locale]}`, step.run);
  }
}

async function showProgress(title, run) {
  const began = Date.now();
  const elapsed = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const terminal = process.stdout.isTTY;
  let line = '';
  const draw = () => {
    const text = `${title}  ${elapsed()}  ${line}`;
    if (terminal) process.stdout.write(`\r\x1b[K${cut(text, (process.stdout.columns || 80) - 1)}`);
    else console.log(text);
  };
  if (!terminal) console.log(`${title} …`);
  const timer = setInterval(draw, terminal ? 250 : PLAIN_EVERY_MS);
  try {
    await run((latest) => {
      line = latest;
    });
    if (terminal) process.stdout.write('\r\x1b[K');
    console.log(`${title}  ${elapsed()} ✓`);
  } catch (error) {
    if (terminal) process.stdout.write('\r\x1b[K');
    console.log(`${title}  ${elapsed()} ✗`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** The text in at most so many columns; Hangul and its like take two. */
function cut(text, columns) {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character) ? 2 : 1;
    if (width > columns) return kept;
    kept += character;
  }
  return kept;
}

/** Programs under way, to be ended with this process. */
export const running = new Set();

export function endRunning(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs a program, its output going to a log file, and tells of the last line.
 * @param {{ title: import('./sentences.mjs').Sentence, registry?: string, logFolder: string, name: string, env: NodeJS.ProcessEnv, cwd: string }} where
 * @throws Refusal with one sentence: no network, a full disk, a program that is missing, or the end of the output.
 */
export async function runProgram(command, args, { title, registry = '', logFolder, name, env, cwd }, show = () => {}) {
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, `${name}.log`);
  const log = createWriteStream(logFile);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log.write(text);
      tail = (tail + text).slice(-8000);
      const lines = plain(tail).split('\n');
      show(lines.findLast((line) => line.trim())?.trim() ?? '');
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.code));
    child.once('close', resolve);
  });
  running.delete(child);
  log.end();
  if (code === 0) return plain(tail);
  if (code === 'ENOENT') throw new Refusal(refusals.programMissing(command));
  throw reasonOf(plain(tail), { title, registry, logFile, cwd });
}

/** Without colours and with redrawn lines as lines. */
function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters.
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r\n?/g, '\n');
}

const DISK_FULL = /ENOSPC|no space left on device|disk quota exceeded/i;
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|error sending request|dns error|could not resolve|name resolution|NewConnectionError|connection refused|network is unreachable|urlopen error/i;

function reasonOf(output, { title, registry, logFile, cwd }) {
  if (DISK_FULL.test(output)) return new Refusal(refusals.diskFull(cwd));
  if (registry && NO_NETWORK.test(output)) return new Refusal(refusals.noNetwork(registry));
  const details = output.trim().split('\n').slice(-15).join('\n');
  return new Refusal(refusals.stepFailed(title, logFile), { details });
}

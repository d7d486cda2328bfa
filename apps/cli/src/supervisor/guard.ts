import { spawn } from 'node:child_process';

/**
 * Runs a program that is not Node (PostgreSQL) and stops it when the supervisor is gone, even by kill -9:
 * node guard.js SIGNAL COMMAND ARGUMENTS…  where SIGNAL asks that program to end.
 */
const [signal, command, ...args] = process.argv.slice(2) as [NodeJS.Signals, string, ...string[]];
const child = spawn(command, args, { stdio: 'inherit' });
const stop = () => child.kill(signal);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
process.once('disconnect', stop);
// The supervisor may have died before the line above.
if (!process.connected) stop();
child.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.once('exit', (code) => process.exit(code ?? 1));

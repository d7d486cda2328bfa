import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RunAnswer, RunRequest } from './runner.messages.js';

/** The built file, also when the tests run this one from its source. */
const PROCESS = fileURLToPath(new URL('../../dist/inference/runner.process.js', import.meta.url));
/** Longer than any model takes for one image, with loading it. */
const TIMEOUT_MS = 120_000;

/** Runs models one after the other in a process that is started when first needed and replaced when it dies. */
@Injectable()
export class Runner implements OnModuleDestroy {
  private child: ChildProcess | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** Never fails because of an image or a model: the answer says what was wrong with which. */
  run(request: RunRequest): Promise<RunAnswer> {
    const answer = this.last.then(() => this.runAlone(request));
    this.last = answer;
    return answer;
  }

  onModuleDestroy(): void {
    this.child?.kill('SIGKILL');
  }

  private async runAlone(request: RunRequest): Promise<RunAnswer> {
    const child = this.child ?? this.start();
    const done = new AbortController();
    const timeout = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    try {
      const answered = once(child, 'message', { signal: done.signal }).then(([answer]) => answer as RunAnswer);
      const died = once(child, 'exit', { signal: done.signal }).then(([code, signal]): RunAnswer => {
        return { fault: 'model', problem: `the process that ran it ended (${signal ?? code})` };
      });
      child.send(request, () => undefined);
      return await Promise.race([answered, died]);
    } catch (error) {
      return { fault: 'model', problem: String(error) };
    } finally {
      clearTimeout(timeout);
      done.abort();
    }
  }

  private start(): ChildProcess {
    const child = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const forget = () => {
      if (this.child === child) this.child = null;
    };
    child.once('exit', forget).once('error', forget);
    this.child = child;
    return child;
  }
}

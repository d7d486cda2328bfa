import { type ChildProcess, fork } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type LocalText, MalloError, quoted } from '@mallo/contracts';
import { frameOf } from './frames.js';
import {
  type AnswerOf,
  BATCH_LIMIT,
  type Job,
  type OpenRequest,
  type Question,
  REQUESTS_FD,
  type RunnerAnswer,
} from './runner.messages.js';

/** The built file, also when the tests run this one from its source. */
const PROCESS = fileURLToPath(new URL('../../dist/inference/runner.process.js', import.meta.url));

type Pending = {
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
};

/** One model in a process of its own. */
export class Runner {
  /** How much memory the process holds, as far as it said. */
  memoryBytes = 0;
  private readonly child: ChildProcess;
  private readonly pipe: Writable;
  private readonly pending = new Map<number, Pending>();
  /** Those that are let in when others are done: what is prepared waits in the memory of the process. */
  private readonly line: (() => void)[] = [];
  private lastId = 0;
  private stoppedFor: MalloError | null = null;

  /** `onEnd` is called once, when the process is gone, whatever the reason. */
  constructor(
    private readonly timeoutMs: number,
    onEnd: () => void,
  ) {
    this.child = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
    });
    this.pipe = this.child.stdio[REQUESTS_FD] as Writable;
    // When it cannot be written to, the process is gone, and that is told by its end.
    this.pipe.on('error', () => undefined);
    let isOver = false;
    const end = (problem: LocalText) => {
      if (isOver) return;
      isOver = true;
      onEnd();
      const error = this.stoppedFor ?? new MalloError('model.broken', { problem });
      for (const id of this.pending.keys()) this.settle(id)?.reject(error);
      for (const enter of this.line.splice(0)) enter();
    };
    this.child.on('message', (answer: RunnerAnswer) => this.receive(answer));
    this.child.once('exit', (code, signal) => end(ended(signal ?? code)));
    this.child.once('error', (error) => end({ en: quoted(error), ko: quoted(error) }));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @throws MalloError as the process finds the model, model.broken, model.timeout */
  async open(request: OpenRequest): Promise<void> {
    await this.send({ open: request }, []);
  }

  /** @throws MalloError as `open`, and image.unreadable, request.invalid, and what the model cannot be asked for */
  async ask<J extends Job>(job: J): Promise<AnswerOf<J>> {
    const { body, ...question }: Job = job;
    while (this.pending.size >= BATCH_LIMIT) await new Promise<void>((enter) => this.line.push(enter));
    return (await this.send({ question }, body)) as AnswerOf<J>;
  }

  /** Ends the process now. Whoever waits for it is told why. */
  stop(why: MalloError): void {
    this.stoppedFor ??= why;
    this.child.kill('SIGKILL');
  }

  private send(request: { open: OpenRequest } | { question: Question }, body: Uint8Array[]): Promise<unknown> {
    if (this.stoppedFor) return Promise.reject(this.stoppedFor);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const seconds = Math.ceil(this.timeoutMs / 1000);
      const timer = setTimeout(() => this.stop(new MalloError('model.timeout', { seconds })), this.timeoutMs);
      this.pending.set(id, { resolve, reject, timer });
      this.pipe.cork();
      for (const part of frameOf({ id, ...request }, body)) this.pipe.write(part);
      this.pipe.uncork();
    });
  }

  private receive(answer: RunnerAnswer): void {
    this.memoryBytes = answer.memoryBytes;
    const waiting = this.settle(answer.id);
    if ('failure' in answer) waiting?.reject(new MalloError(answer.failure.code, answer.failure.params));
    else waiting?.resolve(answer.answer);
  }

  private settle(id: number): Pending | undefined {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(waiting?.timer);
    this.line.shift()?.();
    return waiting;
  }
}

function ended(by: NodeJS.Signals | number | null): LocalText {
  return { en: `the process that ran it ended (${by})`, ko: `실행하던 프로세스가 끝났습니다(${by})` };
}

import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nowUs } from '../clock.js';
import type { Behaviour, CrewTask, ToldStart } from './crew-task.js';

/** One start of a task. */
export interface Start {
  readonly worker: string;
  readonly task: string;
  readonly enqueuedUs: number;
  readonly startedUs: number;
}

const child = fileURLToPath(new URL('./crew-child.js', import.meta.url));

/** The processes of one pool, each with a name, which are killed and stopped on purpose. */
export class Crew {
  /** Every start that was told so far. */
  readonly starts: Start[] = [];
  private readonly members = new Map<string, ChildProcess>();
  private readonly progress = new EventEmitter<{ starts: [] }>().setMaxListeners(0);

  /** Starts a process. Resolves once it is connected. */
  async add(task: CrewTask): Promise<void> {
    const member = fork(child, [JSON.stringify(task)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.members.set(task.id, member);
    // One that is stopped would not notice that its parent has ended.
    process.once('exit', () => member.kill('SIGKILL'));
    const ready = once(member, 'message');
    member.on('message', (message: 'ready' | ToldStart[]) => {
      if (message !== 'ready') this.note(task.id, message);
    });
    const died = once(member, 'exit').then(([code, signal]) => {
      throw new Error(`${task.role} ${task.id} ended with ${signal ?? code} before it was ready`);
    });
    died.catch(() => undefined);
    await Promise.race([ready, died]);
  }

  /** Has a worker do something else with its tasks from now on. */
  behave(name: string, behaviour: Behaviour): void {
    this.member(name).send(behaviour);
  }

  /** Sends a signal to a process. Returns when, in us. */
  signal(name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const atUs = nowUs();
    this.member(name).kill(signal);
    return atUs;
  }

  /** Resolves once so many starts were told. */
  async untilStarted(count: number, isCounted: (start: Start) => boolean = () => true): Promise<void> {
    let seen = 0;
    for (let counted = 0; ; await once(this.progress, 'starts')) {
      for (; seen < this.starts.length; seen++) if (isCounted(this.starts[seen] as Start)) counted++;
      if (counted >= count) return;
    }
  }

  /** Kills every process. Resolves once they are gone. */
  async end(): Promise<void> {
    await Promise.all(
      [...this.members.values()].map(async (member) => {
        if (member.exitCode !== null || member.signalCode !== null) return;
        const exited = once(member, 'exit');
        member.kill('SIGKILL');
        await exited;
      }),
    );
  }

  private note(worker: string, told: readonly ToldStart[]): void {
    for (const [task, enqueuedUs, startedUs] of told) this.starts.push({ worker, task, enqueuedUs, startedUs });
    this.progress.emit('starts');
  }

  private member(name: string): ChildProcess {
    const member = this.members.get(name);
    if (!member) throw new Error(`no process ${name} in this crew`);
    return member;
  }
}

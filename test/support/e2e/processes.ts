import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process, told apart from a later one with the same number by when it started. */
export interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
  /** Whether its environment holds the mark that was asked for. */
  readonly isMarked: boolean;
}

/** Every live process that a command started, however deep and whoever is its parent now, found by a mark in its environment. */
export class Family {
  private readonly seen = new Map<string, Running>();

  constructor(private readonly mark: string) {}

  /** Looks who is there now; who was seen once is remembered, whatever becomes of its parent. */
  members(): Running[] {
    const all = processes(this.mark);
    for (const process of all) if (process.isMarked) this.seen.set(keyOf(process), process);
    for (let size = -1; size !== this.seen.size; ) {
      size = this.seen.size;
      const pids = new Set(all.filter((process) => this.seen.has(keyOf(process))).map(({ pid }) => pid));
      for (const process of all) if (pids.has(process.parent)) this.seen.set(keyOf(process), process);
    }
    return all.filter((process) => this.seen.has(keyOf(process)));
  }

  /** The one whose command line is as told. @throws when there is none */
  one(command: RegExp): Running {
    const found = this.members().find((member) => command.test(member.command));
    if (found === undefined) throw new Error(`no process ${command}`);
    return found;
  }

  /** Resolves when nobody is left; rejects with who is, when that takes too long. */
  async gone(withinMs: number): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const left = this.members();
      if (left.length === 0) return;
      if (performance.now() > deadlineMs) {
        throw new Error(`left behind:\n${left.map(({ pid, command }) => `${pid} ${command}`).join('\n')}`);
      }
      await sleep(20);
    }
  }

  /** Kills whoever is left, so that a failed test leaves nothing behind either. */
  kill(): void {
    for (const { pid } of this.members()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}

const keyOf = ({ pid, startedAt }: Running) => `${pid}:${startedAt}`;

function processes(mark: string): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z' || fields[0] === 'X') return [];
        return [
          {
            pid: Number(name),
            parent: Number(fields[1]),
            startedAt: fields[19] ?? '',
            command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
            isMarked: readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark),
          },
        ];
      } catch {
        return []; // It ended while it was looked at, or is somebody else's.
      }
    });
}

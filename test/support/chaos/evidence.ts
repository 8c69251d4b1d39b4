import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any other fault at work may keep the evidence back. */
const patienceMs = 60_000;

/** Resolves once a fault is seen to have taken place. @throws Error when it is not within a minute */
export async function untilSeen(what: string, isSeen: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + patienceMs; !(await isSeen()); await sleep(20))
    if (performance.now() > endMs) throw new Error(`${what} was not seen within ${patienceMs / 1000} s`);
}

/** Resolves as a promise does. @throws Error when it takes longer than a minute */
export async function withinPatience<Value>(what: string, promise: Promise<Value>): Promise<Value> {
  const late = new AbortController();
  const timeout = sleep(patienceMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`${what} was not seen within ${patienceMs / 1000} s`);
  });
  timeout.catch(() => undefined);
  return Promise.race([promise, timeout]).finally(() => late.abort());
}

/** A process that is stopped, and how it is signalled. */
interface Stoppable {
  readonly pid: number;
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
}

/** Has a process stand still for so long, and goes on once it was told that it is over. Resolves to how that was seen. */
export async function standStill(
  { pid, signal }: Stoppable,
  ms: number,
  onOver: () => void = () => undefined,
): Promise<string> {
  signal('SIGSTOP');
  await untilStopped(pid);
  await sleep(ms);
  onOver();
  signal('SIGCONT');
  return `stopped by the kernel for ${ms} ms`;
}

/** Resolves once the kernel has stopped a process. */
export async function untilStopped(pid: number): Promise<void> {
  await untilSeen(`the stop of process ${pid}`, () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] === 'T';
  });
}

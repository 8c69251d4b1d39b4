import type { ChildProcess } from 'node:child_process';

/** A child process and the ways to end it. */
export interface OwnedChild {
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Redis writes its AOF within milliseconds of SIGTERM; one that has not gone after this is stuck. */
const stopGraceMs = 3000;

/**
 * Takes charge of a child: it never keeps our process alive, and `onExit` runs once, right when it has ended.
 *
 * `stop` sends SIGTERM, and SIGKILL after 3 s.
 */
export function ownChild(child: ChildProcess, onExit: () => void): OwnedChild {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      onExit();
      resolve();
    });
  });
  child.unref();
  return {
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
    stop: async () => {
      if (hasExited(child)) {
        return exited;
      }
      child.ref();
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await exited;
      clearTimeout(deadline);
    },
  };
}

/** Whether the child has ended, by itself or by a signal. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

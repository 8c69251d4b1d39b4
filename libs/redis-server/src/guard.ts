import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Waits for the end of its input, which comes when the process that holds the other end is gone, however it died.
 * Then SIGTERM to $1, and SIGKILL if it is still there after 2 s (20 x 0.1 s).
 */
const script = `
read -r _
kill -TERM "$1" 2>/dev/null || exit 0
n=0
while [ "$n" -lt 20 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill -KILL "$1" 2>/dev/null
`;

/**
 * Watches over a child so that it dies with us, even when we are killed with SIGKILL; a native child would live on.
 *
 * A shell and not Node: 1 MB instead of 40, and nothing to build or find. It stands beside the child rather than
 * above it, so the child stays ours to signal and to wait for. It is in a session of its own, or Ctrl-C would end it
 * first. A guard that is killed itself leaves the child to the claim file (data-dir.ts).
 *
 * @returns a function that dismisses the guard, to be called once the child has exited
 */
export function guardChild(child: ChildProcess): () => void {
  const guard = spawn('/bin/sh', ['-c', script, 'shunt-redis-guard', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.once('error', () => child.kill('SIGKILL')); // Without a shell there is no guard: fail now, not at our death.
  guard.unref();
  (guard.stdin as unknown as Socket).unref();
  return () => {
    guard.kill('SIGKILL');
  };
}

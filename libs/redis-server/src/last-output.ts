import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

/** Enough for the last few lines, where a server says why it ends. */
const keptChars = 4000;

/**
 * Reads what a child prints, so that it never blocks on a full pipe, and remembers the end of it.
 *
 * The pipes do not keep our process alive.
 *
 * @returns a function that gives the last 4000 characters so far, trimmed
 */
export function keepLastOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) {
      (stream as unknown as Socket).unref();
      stream.setEncoding('utf8').on('data', (text: string) => {
        kept = (kept + text).slice(-keptChars);
      });
    }
  }
  return () => kept.trim();
}

import { onStopSignals } from '@shunt/runtime';

/** The signals that end a program: Ctrl C, `kill`, and the terminal that closes. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hears when the program is to end: by a signal, or because nobody reads its output any more (`npm start | head`). A second signal ends it
 * at once, with exit code 2.
 */
export function stopping(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  onStopSignals(signals, stop);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
  return controller.signal;
}

/** The work's result, or null when the signal aborts first; the work is then left to itself. */
export function orStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  return Promise.race([work, stopped]);
}

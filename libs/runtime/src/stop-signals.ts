/** Exit code of a process that is told a second time to stop, or gave up on something when it stopped. */
export const forcedCode = 2;

/** npm passes Ctrl C on to a process that the terminal has told as well: the same signal this soon after the first is the first. */
export const echoMs = 500;

/**
 * Calls `stop` at the first of these signals; the second ends the process at once, with exit code 2.
 *
 * @param onForced called before that. Defaults to nothing
 */
export function onStopSignals(
  signals: readonly NodeJS.Signals[],
  stop: () => void,
  onForced: () => void = () => undefined,
): void {
  let first: { readonly signal: NodeJS.Signals; readonly atMs: number } | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = { signal, atMs: performance.now() };
      return stop();
    }
    const isEcho = signal === first.signal && performance.now() - first.atMs < echoMs;
    if (isEcho) return;
    onForced();
    process.exit(forcedCode);
  };
  for (const signal of signals) process.on(signal, onSignal);
}

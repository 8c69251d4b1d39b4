import { isShuntError, type ShuntErrorCode, type StopOutcome } from '@shunt/sdk';

/** Exit code of a process that was given wrong settings, flags or input (EX_CONFIG of sysexits.h). */
export const badInputCode = 78;

/** Exit codes of a stop. */
const codeOf: Readonly<Record<StopOutcome, number>> = { clean: 0, 'handed-back': 1, forced: 2 };

/** npm passes Ctrl C on to a process that the terminal has told as well: the same signal this soon is the same one. */
const echoMs = 500;

/** A service that runs until it is told to stop; `stop` resolves to how that went. */
export interface Service {
  /** Rejects when it cannot go on. */
  readonly ended?: Promise<void>;
  stop(): Promise<StopOutcome>;
}

/**
 * Runs a service until SIGTERM, SIGINT or the death of the parent that forked it, then stops it: exit code 0 when all ended
 * by itself, 1 when work was handed back or the start, the service or the stop failed, 2 when the stop gave up on something and
 * at once on a second signal. Wrong settings exit with 78. A signal during the start stops the service as soon as it has started.
 */
export async function runProcess(start: () => Promise<Service>): Promise<void> {
  const asked = stopRequest();
  try {
    const service = await start();
    await Promise.race([asked, service.ended ?? asked]);
    process.exit(codeOf[await service.stop()]);
  } catch (error) {
    fail(error);
  }
}

/** Resolves when the process is first told to stop; ends it when it is told by a second signal. */
function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = () => {
      isStopping = true;
      resolve();
    };
    let last = { signal: '', atMs: 0 };
    const onSignal = (signal: NodeJS.Signals) => {
      const isEcho = signal === last.signal && performance.now() - last.atMs < echoMs;
      if (isStopping && !isEcho) process.exit(codeOf.forced);
      last = { signal, atMs: performance.now() };
      stop();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    process.on('disconnect', stop);
  });
}

/** Codes that say that what a person gave is wrong. */
const badInput: ReadonlySet<ShuntErrorCode> = new Set([
  'INVALID_CONFIG',
  'INVALID_INPUT',
  'INVALID_TASK',
  'PAYLOAD_TOO_LARGE',
]);

/** Tells why a process cannot run, without a stack for what a person can mend, and ends it: with 78 for wrong input, else 1. */
export function fail(error: unknown): never {
  process.stderr.write(`${textOf(error)}\n`);
  process.exit(isShuntError(error) && badInput.has(error.code) ? badInputCode : 1);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isShuntError(error)) return error.message;
  const isListening = 'syscall' in error && error.syscall === 'listen';
  if (isListening) return `${error.message}: set SHUNT_HTTP_HOST and SHUNT_HTTP_PORT to where it can listen`;
  return error.stack ?? error.message;
}

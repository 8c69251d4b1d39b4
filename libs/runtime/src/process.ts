import { isShuntError, type ShuntErrorCode, type StopOutcome } from '@shunt/sdk';
import type { Logger } from './logger.js';
import { forcedCode, onStopSignals } from './stop-signals.js';

/** Exit code of a process that was given wrong settings, flags or input (EX_CONFIG of sysexits.h). */
export const badInputCode = 78;

/** Exit codes of a stop. */
const codeOf: Readonly<Record<StopOutcome, number>> = { clean: 0, 'handed-back': 1, forced: forcedCode };

/** A service that runs until it is told to stop; `stop` resolves to how that went. */
export interface Service {
  /** Rejects when it cannot go on. */
  readonly ended?: Promise<void>;
  /** Told what ends it, besides that `stop` does. Without one a failure is plain text on stderr, as one of the start is. */
  readonly logger?: Logger;
  stop(): Promise<StopOutcome>;
}

/**
 * Runs a service until SIGTERM, SIGINT or the death of the parent that forked it, then stops it: exit code 0 when all ended
 * by itself, 1 when work was handed back or the start, the service or the stop failed, 2 when the stop gave up on something and
 * at once on a second signal. Wrong settings exit with 78. A signal during the start stops the service as soon as it has started.
 */
export async function runProcess(start: () => Promise<Service>): Promise<void> {
  let service: Service | undefined;
  const asked = stopRequest(() => service?.logger?.warn('told to stop once more: ends at once'));
  try {
    service = await start();
    await Promise.race([asked, service.ended ?? asked]);
    process.exit(codeOf[await service.stop()]);
  } catch (error) {
    if (!service?.logger) return fail(error);
    const err = error instanceof Error ? error : new Error(String(error));
    service.logger.fatal({ err }, err.message);
    process.exit(codeOfFailure(error));
  }
}

/** Resolves when the process is first told to stop. */
function stopRequest(onForced: () => void): Promise<void> {
  return new Promise((resolve) => {
    onStopSignals(['SIGTERM', 'SIGINT'], resolve, onForced);
    process.on('disconnect', resolve);
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
  process.exit(codeOfFailure(error));
}

function codeOfFailure(error: unknown): number {
  return isShuntError(error) && badInput.has(error.code) ? badInputCode : 1;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isShuntError(error)) return error.message;
  const isListening = 'syscall' in error && error.syscall === 'listen';
  if (isListening) return `${error.message}: set SHUNT_HTTP_HOST and SHUNT_HTTP_PORT to where it can listen`;
  return error.stack ?? error.message;
}

import type { Logger } from '@shunt/runtime';

/** Exit code of a process that a handler brought down. */
const faultCode = 70;

/**
 * Makes it clear when a handler ends the process: by an error that nobody handles, whose state is then unknown, or by
 * `process.exit`. Its running tasks go to other workers when its lease is over. Never exits with 0.
 *
 * @param isStopping whether the process was told to end
 */
export function tellHandlerFaults(logger: Logger, isStopping: () => boolean): void {
  const fall = (what: string) => (error: unknown) => {
    logger.fatal(
      { err: error instanceof Error ? error : new Error(String(error)) },
      `${what} in a handler: worker ends`,
    );
    process.exit(faultCode);
  };
  process.on('uncaughtException', fall('uncaught exception'));
  process.on('unhandledRejection', fall('unhandled rejection'));
  process.on('exit', (code) => {
    if (isStopping() || code === faultCode) return;
    logger.fatal({ code }, 'a handler called process.exit: worker ends');
    if (code === 0) process.exitCode = faultCode;
  });
}

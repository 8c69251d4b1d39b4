import { isShuntError } from '@shunt/sdk';

/** Exit code of a process whose settings are wrong (EX_CONFIG of sysexits.h). */
const badConfigCode = 78;

/** A service that runs until it is told to stop; `stop` resolves to whether everything ended by itself. */
export interface Service {
  stop(): Promise<boolean>;
}

/**
 * Runs a service until SIGTERM, SIGINT or the death of the parent that forked it, then stops it: exit code 0 when all ended
 * by itself, 1 when work had to be aborted or the start failed, 2 on a second signal. Wrong settings exit with 78.
 */
export async function runProcess(start: () => Promise<Service>): Promise<void> {
  try {
    const service = await start();
    let stopping: Promise<void> | undefined;
    const stop = async () => process.exit((await service.stop().catch(() => false)) ? 0 : 1);
    const onSignal = () => {
      if (stopping) process.exit(2);
      stopping = stop();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    process.on('disconnect', () => {
      stopping ??= stop();
    });
  } catch (error) {
    fail(error);
  }
}

/** Tells why a process cannot run, without a stack for what a person can mend, and ends it. */
export function fail(error: unknown): never {
  const isConfig = isShuntError(error, 'INVALID_CONFIG');
  process.stderr.write(`${isConfig ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(isConfig ? badConfigCode : 1);
}

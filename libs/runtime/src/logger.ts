import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** A JSON logger on stdout. */
export function loggerOf(level: string, name: string): Logger {
  return pino({ level, name, base: { pid: process.pid } });
}

/** Logs errors of a loop that goes on: the same message once a second at most, with how often it came. */
export function errorReporter(logger: Logger, windowMs = 1000): (error: Error) => void {
  const seen = new Map<string, { atMs: number; more: number }>();
  return (error) => {
    const last = seen.get(error.message);
    const nowMs = Date.now();
    if (last && nowMs - last.atMs < windowMs) {
      last.more++;
      return;
    }
    logger.error({ err: error, repeated: last?.more ?? 0 }, error.message || error.name);
    if (seen.size > 100) seen.clear();
    seen.set(error.message, { atMs: nowMs, more: 0 });
  };
}

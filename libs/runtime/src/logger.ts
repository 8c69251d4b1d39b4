import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** A logger of JSON lines. `destination` defaults to stdout. */
export function loggerOf(level: string, name: string, destination?: DestinationStream): Logger {
  const options = { level, name, base: { pid: process.pid }, serializers: { err: errorLine } };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * Logs errors of a loop that goes on: the same message once in `windowMs` at most, with how often it came in between.
 *
 * @param nowMs a clock that never goes back
 */
export function errorReporter(
  logger: Logger,
  windowMs = 1000,
  nowMs: () => number = () => performance.now(),
): (error: unknown) => void {
  const seen = new Map<string, { atMs: number; more: number }>();
  return (thrown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const about = subjectOf(error.message);
    const last = seen.get(about);
    const atMs = nowMs();
    if (last && atMs - last.atMs < windowMs) {
      last.more++;
      return;
    }
    logger.error({ err: error, repeated: last?.more ?? 0 }, about || error.name);
    if (seen.size >= 100) seen.clear();
    seen.set(about, { atMs, more: 0 });
  };
}

/** A message without the script and line that Redis 7 ends it with: a full Redis refuses each script in the same words. */
function subjectOf(message: string): string {
  return message.replace(/ script: [0-9a-f]{40}, on @user_script:\d+\.$/, '');
}

/**
 * What is told of an error. Not its other fields: ioredis puts the command there, with a password or a payload. An error of
 * the system, as an address that does not answer, says nothing by its stack, nor does one of Shunt's own: they are in words.
 */
function errorLine(error: Error & { code?: unknown; syscall?: unknown }): Record<string, unknown> {
  const { name, message, code, syscall, stack } = error;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined && name !== 'ShuntError' ? { stack } : {}),
  };
}

import { invalidInput } from '@shunt/lanes';
import { getNextMillis } from 'bullmq';

/** Reads an expression as BullMQ will, which a client over HTTP leaves to the dispatcher. @throws ShuntError INVALID_INPUT naming cron */
export function assertCron(cron: string): void {
  const message = cronProblem(cron);
  if (message !== null) throw invalidInput([{ field: 'cron', message }]);
}

function cronProblem(pattern: string): string | null {
  try {
    return getNextMillis(Date.now(), { pattern, tz: 'UTC' }) === undefined ? 'is never due' : null;
  } catch (error) {
    return `is no cron expression: ${(error as Error).message}`;
  }
}

import type { EventEmitter } from 'node:events';
import type { Logger } from './logger.js';

/** Logs that Redis answers again, as a connection to it sees it: whoever reads of its absence looks for that line. Takes its errors. */
export function tellReturns(connection: EventEmitter, logger: Logger): void {
  let isMissed = false;
  connection.on('error', () => {
    isMissed = true;
  });
  connection.on('ready', () => {
    if (isMissed) logger.info('Redis answers again');
    isMissed = false;
  });
}

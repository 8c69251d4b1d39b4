import { appendFileSync, closeSync, openSync } from 'node:fs';
import { monotonicUs } from './clock.js';
import type { UnstampedEvent } from './events.js';

/** The open log of one process: one JSON line per event, appended in the order of the calls. */
export interface History {
  /** Stamps the event with the clock and this process, and takes it into the buffer; never waits. */
  write(event: UnstampedEvent): void;
  /** Writes what is buffered and closes the file; a second call does nothing. */
  close(): void;
}

/** How eagerly a history is written out. */
export interface HistoryOptions {
  /**
   * Characters held back at most. Defaults to 65,536.
   * 0 writes every event at once (a few microseconds each): for a process that is going to be killed.
   */
  readonly bufferChars?: number;
}

/**
 * Opens a file for the events of this process, appending to what it holds.
 *
 * The buffer is written out at the end of the turn of the event loop, when it is full, on close and on process exit,
 * each time synchronously. So a `kill -9` loses at most the events of one turn. Two processes must not share a file.
 * A failing write is thrown: a run without its history proves nothing.
 */
export function openHistory(file: string, options: HistoryOptions = {}): History {
  const bufferChars = options.bufferChars ?? 65_536;
  const descriptor = openSync(file, 'a');
  let buffer = '';
  let isFlushDue = false;
  let isClosed = false;

  const flush = (): void => {
    isFlushDue = false;
    if (buffer === '') return;
    const lines = buffer;
    buffer = '';
    appendFileSync(descriptor, lines);
  };

  const close = (): void => {
    if (isClosed) return;
    flush();
    isClosed = true;
    process.off('exit', close);
    closeSync(descriptor);
  };

  const write = (event: UnstampedEvent): void => {
    if (isClosed) throw new Error(`history ${file} is closed, too late for a ${event.e}`);
    buffer += `${JSON.stringify({ t: monotonicUs(), pid: process.pid, ...event })}\n`;
    if (buffer.length >= bufferChars) {
      flush();
    } else if (!isFlushDue) {
      isFlushDue = true;
      setImmediate(flush).unref();
    }
  };

  process.on('exit', close);
  return { write, close };
}

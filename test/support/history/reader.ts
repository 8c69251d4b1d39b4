import { readFileSync } from 'node:fs';
import type { HistoryEvent } from './events.js';
import { wrongField } from './fields.js';

/**
 * Reads the histories of several processes and merges them into one, ordered by `t`.
 *
 * Events of the same microsecond keep the order of their file. A last line without its line end is left out: its
 * writer was killed in the middle of it.
 * @throws Error naming file, line and field when a line is not an event.
 */
export function readHistory(files: readonly string[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const file of files) {
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.pop();
    lines.forEach((line, index) => {
      events.push(parseLine(line, `${file}:${index + 1}`));
    });
  }
  return events.sort((left, right) => left.t - right.t);
}

function parseLine(line: string, place: string): HistoryEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place}: not JSON`, { cause });
  }
  const field = wrongField(value);
  if (field !== null) throw new Error(`${place}: no event has such a "${field}"`);
  return value as HistoryEvent;
}

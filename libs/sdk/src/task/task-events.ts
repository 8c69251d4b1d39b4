import type { StreamEntry } from '../client/stream-feed.js';
import { parsed } from './ending.js';

/** Something that happened to a task. */
export interface TaskEvent {
  /** Its place in the pool's stream: what comes behind it can be asked for by it. */
  readonly id: string;
  /** `data` for what the handler emitted, else BullMQ's name: `added`, `waiting`, `active`, `progress`, `delayed`, `completed`, `failed` and others. */
  readonly type: string;
  /** What BullMQ tells of it; results and progress as values. Empty for `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What the handler emitted, of an event `data`; absent from all others. */
  // biome-ignore lint/suspicious/noExplicitAny: it comes from JSON; who reads it names its type
  readonly value?: any;
}

/** Fields that hold JSON. */
const jsonFields: ReadonlySet<string> = new Set(['returnvalue', 'data']);

/** The type of events that tell what a handler emitted. */
export const dataType = 'data';

/** The events of one task among those of its pool. */
export function eventsOf(task: string, entries: readonly StreamEntry[]): TaskEvent[] {
  return entries
    .filter(({ fields }) => fields.jobId === task)
    .map(({ id, fields: { event = '', jobId: _, ...fields } }) => {
      if (event === dataType) return { id, type: event, data: {}, value: parsed(fields.value) };
      const pairs = Object.entries(fields).map(([name, text]) => [name, jsonFields.has(name) ? parsed(text) : text]);
      return { id, type: event, data: Object.fromEntries(pairs) };
    });
}

/** Whether nothing comes behind an event of a task. */
export function isEnding({ type }: TaskEvent): boolean {
  return type === 'completed' || type === 'failed';
}

import type { Fetched } from './handed-out.js';

/** A task in a slot that BullMQ has not fetched for yet. */
interface Taken {
  readonly task: string;
  readonly incarnation: string;
  readonly fetched: Fetched;
}

/** The name of a slot of BullMQ's worker: its id, and a number that grows by one with each fetch. */
const slotToken = /^([\da-f-]{36}):(\d+)$/;

/** The tokens of the slots that BullMQ fetches for after this one; none when it is not BullMQ that named it. */
export function following(token: string, count: number): string[] {
  const [, worker, number] = slotToken.exec(token) ?? [];
  if (worker === undefined) return [];
  return Array.from({ length: count }, (_, i) => `${worker}:${Number(number) + 1 + i}`);
}

/** How long a task waits to be fetched: BullMQ fetches for all its free slots in one turn of the event loop. */
const keepMs = 1000;

/**
 * Tasks that a pull has filled further slots with, until BullMQ fetches for those. It fetches one by one, a round trip each, and begins
 * none before all free slots are filled.
 */
export class TakenAhead {
  private readonly taken = new Map<string, Taken>();
  private timer: NodeJS.Timeout | undefined;

  /** @param onLeft called when tasks were not fetched in time: they are to be given back */
  constructor(private readonly onLeft: () => void) {}

  /** Keeps a task for the slot of this token. */
  keep(token: string, taken: Taken): void {
    this.taken.set(token, taken);
    this.timer ??= setTimeout(this.onLeft, keepMs);
  }

  /** The task that was taken for a slot, as BullMQ fetches for it; undefined for none. */
  claim(token: string): Taken | undefined {
    const taken = this.taken.get(token);
    this.taken.delete(token);
    if (this.isEmpty) this.rest();
    return taken;
  }

  /** Whether no task waits to be fetched. */
  get isEmpty(): boolean {
    return this.taken.size === 0;
  }

  /** Takes all that was not fetched, each with the token of its slot. */
  leave(): [string, Taken][] {
    const left = [...this.taken];
    this.taken.clear();
    this.rest();
    return left;
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

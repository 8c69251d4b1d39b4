import type { Fetched } from './handed-out.js';

/** A task in a slot that BullMQ has not fetched for yet. */
interface Taken {
  readonly task: string;
  readonly incarnation: string;
  readonly fetched: Fetched;
}

/** The name of a slot of BullMQ's worker: its id, and a number that grows by one with each new slot. */
const slotToken = /^([\da-f-]{36}:)(\d+)$/;

/** Which of its worker's slots a token names; null for one that BullMQ did not name. */
function slotOf(token: string): { worker: string; number: number } | null {
  const [, worker, number] = slotToken.exec(token) ?? [];
  return worker === undefined ? null : { worker, number: Number(number) };
}

/** How long a task waits to be fetched: BullMQ fetches for all its free slots in one turn of the event loop. */
const keepMs = 1000;

/**
 * Tasks that a pull has filled further slots with, until BullMQ fetches for those. It fetches one by one, a round trip each, and begins
 * none before all free slots are filled.
 */
export class TakenAhead {
  private readonly taken = new Map<string, Taken>();
  /** Pulls under way, by the tokens of the slots that they may fill besides their own. */
  private readonly naming = new Map<string, Promise<unknown>>();
  /** The slot that BullMQ named last. */
  private newest = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param onLeft called when tasks were not fetched, and will not be: they are to be given back */
  constructor(private readonly onLeft: () => void) {}

  /** A pull that may fill these slots as well; resolves as it does. */
  async during<T>(tokens: readonly string[], pull: Promise<T>): Promise<T> {
    for (const token of tokens) this.naming.set(token, pull);
    try {
      return await pull;
    } finally {
      for (const token of tokens) if (this.naming.get(token) === pull) this.naming.delete(token);
    }
  }

  /**
   * Resolves once no pull is under way that may fill a slot: BullMQ fetches for one that ended in a refusal while it fetches for the next
   * slots, and a task that both calls answer with would run, and be given back as well.
   */
  async named(token: string): Promise<void> {
    await this.naming.get(token)?.catch(() => undefined);
  }

  /** BullMQ fetches for a slot: the task that was taken for it, undefined for none. */
  claim(token: string): Taken | undefined {
    this.pass(slotOf(token)?.number ?? 0);
    const taken = this.taken.get(token);
    this.taken.delete(token);
    if (this.isEmpty) this.rest();
    return taken;
  }

  /** The tokens of the slots that BullMQ will name next; none behind a slot that is fetched for again, as those behind it are in use. */
  behind(token: string, count: number): string[] {
    const slot = slotOf(token);
    if (slot === null || slot.number < this.newest) return [];
    return Array.from({ length: count }, (_, i) => `${slot.worker}${slot.number + 1 + i}`);
  }

  /** Keeps a task for the slot of this token. */
  keep(token: string, taken: Taken): void {
    this.taken.set(token, taken);
    this.timer ??= setTimeout(this.onLeft, keepMs);
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

  /** A slot that BullMQ has gone past is never fetched for: a worker that was paused goes past one. */
  private pass(number: number): void {
    this.newest = Math.max(this.newest, number);
    if ([...this.taken.keys()].some((token) => (slotOf(token)?.number ?? 0) < number)) this.onLeft();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

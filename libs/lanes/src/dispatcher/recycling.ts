/** How long a worker is given to end its life, in ms. */
const patienceMs = 60_000;

/** A worker that may have to end its life. */
export interface Recyclable {
  readonly id: string;
  /** Null for one that is taken for dead. */
  readonly incarnation: string | null;
  readonly isStuck: boolean;
}

/**
 * Says which workers are to end their lives as they stand still, whatever their breakers do: not all at once, as one that starts anew
 * is away for a while.
 */
export class Recycling {
  private asked = new Map<string, { readonly life: string; readonly atMs: number }>();

  /** The workers to be asked now, when at most this share of all, and one at least, may be away. */
  due(workers: readonly Recyclable[], share: number, nowMs: number): ReadonlySet<string> {
    const alive = workers.filter(({ incarnation }) => incarnation !== null);
    const most = Math.max(1, Math.floor(share * alive.length));
    const asked = new Map<string, { readonly life: string; readonly atMs: number }>();
    for (const { id, incarnation } of alive) {
      const before = this.asked.get(id);
      if (before && before.life === incarnation && nowMs - before.atMs < patienceMs) asked.set(id, before);
    }
    const due = new Set<string>();
    for (const { id, incarnation, isStuck } of alive) {
      if (!isStuck || asked.has(id) || asked.size >= most) continue;
      asked.set(id, { life: incarnation ?? '', atMs: nowMs });
      due.add(id);
    }
    this.asked = asked;
    return due;
  }
}

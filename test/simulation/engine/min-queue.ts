/** One value in a {@link MinQueue}. */
export interface Entry<T> {
  readonly score: number;
  readonly order: number;
  readonly value: T;
  isGone: boolean;
}

/** A heap by score, first come first served among equals. What is removed stays in the heap, marked, until it is on top. */
export class MinQueue<T> {
  private readonly heap: Entry<T>[] = [];
  private added = 0;
  private live = 0;

  /** Values that are in it. */
  get size(): number {
    return this.live;
  }

  add(score: number, value: T): Entry<T> {
    const entry = { score, order: this.added++, value, isGone: false };
    this.live++;
    let at = this.heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, this.heap[parent] as Entry<T>)) break;
      this.heap[at] = this.heap[parent] as Entry<T>;
      at = parent;
    }
    this.heap[at] = entry;
    return entry;
  }

  /** Removes an entry; one that is gone already stays gone. */
  remove(entry: Entry<T>): void {
    if (entry.isGone) return;
    entry.isGone = true;
    this.live--;
  }

  /** The entry with the least score, undefined when empty. */
  first(): Entry<T> | undefined {
    while (this.heap[0]?.isGone) this.dropTop();
    return this.heap[0];
  }

  /** The entry with the least score whose value fits, undefined for none. Looks at all of them where the first does not. */
  firstThat(fits: (value: T) => boolean): Entry<T> | undefined {
    const first = this.first();
    if (first === undefined || fits(first.value)) return first;
    const fit = this.heap.filter(({ isGone, value }) => !isGone && fits(value));
    return fit.reduce<Entry<T> | undefined>(
      (least, entry) => (least && isBefore(least, entry) ? least : entry),
      undefined,
    );
  }

  /** Of the entries with at most this score the one whose value is worth most, undefined for none. Looks at all of them. */
  bestUpTo(score: number, worthOf: (value: T) => number): Entry<T> | undefined {
    const fit = this.heap.filter((entry) => !entry.isGone && entry.score <= score);
    return fit.reduce<Entry<T> | undefined>(
      (best, entry) => (best && worthOf(best.value) >= worthOf(entry.value) ? best : entry),
      undefined,
    );
  }

  /** Takes the entry with the least score. */
  take(): Entry<T> | undefined {
    const top = this.first();
    if (top !== undefined) this.remove(top);
    return top;
  }

  /** Takes all, least score first. */
  drain(): T[] {
    const values: T[] = [];
    for (let entry = this.take(); entry !== undefined; entry = this.take()) values.push(entry.value);
    return values;
  }

  private dropTop(): void {
    const last = this.heap.pop() as Entry<T>;
    const { length } = this.heap;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(this.heap[child + 1] as Entry<T>, this.heap[child] as Entry<T>)) child++;
      if (!isBefore(this.heap[child] as Entry<T>, last)) break;
      this.heap[at] = this.heap[child] as Entry<T>;
      at = child;
    }
    this.heap[at] = last;
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.score < b.score || (a.score === b.score && a.order < b.order);
}

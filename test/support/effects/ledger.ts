/** An effect that a handler asks for: the state of its agent after a task. */
export interface Effect {
  readonly task: string;
  /** Null for a task without an agent, which nothing fences. */
  readonly agent: string | null;
  readonly worker: string;
  readonly fence: number;
  readonly attempt: number;
}

/**
 * What the store did: `accepted` once per task; `repeated`, as the task's effect was accepted before; `stale`, as its agent
 * has written under a higher fence.
 */
export type Verdict = 'accepted' | 'repeated' | 'stale';

/** Accepts or refuses effects by their fence and by their idempotency key, the task, as docs/fencing.md asks of a store. */
export class Ledger {
  private readonly highest = new Map<string, number>();
  private readonly written = new Set<string>();

  /** Judges one effect; the fence comes first. */
  write({ task, agent, fence }: Effect): Verdict {
    if (agent !== null && fence < (this.highest.get(agent) ?? 0)) return 'stale';
    if (agent !== null) this.highest.set(agent, fence);
    if (this.written.has(task)) return 'repeated';
    this.written.add(task);
    return 'accepted';
  }
}

/** An agent whose state a worker holds. */
export interface HeldAgent {
  readonly agent: string;
  /** When the worker last began one of its tasks, ms. */
  readonly servedMs: number;
  /** Whether it has a current task anywhere: its state is in use or soon will be. */
  readonly isBusy: boolean;
}

/**
 * The agents that lose their home so that a worker holds at most `maxAgents`: the least recently served idle ones, oldest
 * first, by name among equals. Fewer when the rest is busy; none with a limit of Infinity.
 *
 * A limit the pool knows is worth more than one the worker keeps for itself: an agent whose state is gone is free to go
 * anywhere at once, and one whose state is there waits for it.
 */
export function agentsToRelease(held: readonly HeldAgent[], maxAgents: number): readonly string[] {
  const excess = held.length - maxAgents;
  if (excess <= 0) return [];
  return held
    .filter(({ isBusy }) => !isBusy)
    .sort((a, b) => a.servedMs - b.servedMs || (a.agent < b.agent ? -1 : 1))
    .slice(0, excess)
    .map(({ agent }) => agent);
}

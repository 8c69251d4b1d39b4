/** What a release must know of an agent whose state a worker holds. */
export interface HeldAgent {
  /** Whether a task of it runs: its state is in use. One that merely waits will be cold wherever it runs, and is free to go. */
  readonly isBusy: boolean;
}

/**
 * The agents that lose their home so that a worker which holds `held` of them holds at most `maxAgents`: the least recently
 * served that run no task. Fewer where the rest is busy; none with a limit of Infinity. Reads only as far as it must.
 *
 * A limit the pool knows is worth more than one the worker keeps for itself: an agent whose state is gone is free to go
 * anywhere at once, and one whose state is there waits for it.
 * @param oldestFirst the agents the worker holds, by when it last began a task of theirs
 */
export function agentsToRelease<Agent extends HeldAgent>(
  oldestFirst: Iterable<Agent>,
  held: number,
  maxAgents: number,
): readonly Agent[] {
  const released: Agent[] = [];
  if (held <= maxAgents) return released;
  for (const agent of oldestFirst) {
    if (!agent.isBusy) released.push(agent);
    if (held - released.length <= maxAgents) break;
  }
  return released;
}

/**
 * Share of a sequence of agents that no dispatcher could keep warm: the misses of one LRU of the whole room, after the first
 * fifth of the sequence has filled it.
 */
export function unavoidableMisses(agents: readonly number[], room: number): number {
  const held = new Set<number>();
  const warmUp = Math.floor(agents.length / 5);
  let misses = 0;
  for (const [n, agent] of agents.entries()) {
    if (!held.delete(agent) && n >= warmUp) misses++;
    held.add(agent);
    if (held.size > room) held.delete(held.values().next().value as number);
  }
  return misses / (agents.length - warmUp);
}

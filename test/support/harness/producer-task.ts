import type { Turn } from './worker-task.js';

/** What a forked producer is told, as JSON in its first argument. */
export interface ProducerTask {
  readonly redisUrl: string;
  readonly pool: string;
}

/** How many of its calls are under way at a time. */
export const callsAtOnce = 20;

/** The nth turn that it enqueues. */
export function nthTurn(n: number): { id: string; agentId: string; turn: Turn } {
  const agentId = `agent-${n % 5}`;
  return { id: `t${n}`, agentId, turn: { agentId, costMs: 0, failures: 0 } };
}

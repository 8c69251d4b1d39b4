import { apply } from './apply.js';
import type { PoolState } from './state.js';

/** The liveness phase: everything is promoted, every agent resumed, one worker joins, and its one slot works until it finds nothing. */
export function workOff(state: PoolState): PoolState {
  const own = { worker: 'w', life: 'last', token: '1' };
  let pool = apply(state, { kind: 'shunt' });
  pool = apply(pool, { kind: 'promote', untilMs: Number.MAX_SAFE_INTEGER });
  for (const agent of pool.agents.keys()) pool = apply(pool, { kind: 'resume', agent, nonce: 'last' });
  for (const worker of pool.workers.keys()) pool = apply(pool, { kind: 'evict', worker });
  pool = apply(pool, { kind: 'join', worker: own.worker, life: own.life, slots: 1, replaces: '' });
  for (let steps = 2 * pool.tasks.size; steps > 0; steps--) {
    const id = pool.workers.get(own.worker)?.running.get(own.token);
    if (id === undefined) pool = apply(pool, { kind: 'pull', ...own });
    else pool = apply(pool, { kind: 'settle', ...own, id, outcome: 'completed', mayFetch: true });
  }
  return pool;
}

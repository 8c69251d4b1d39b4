import { ask, part, post } from '../api/client.js';
import type { DrainBody, EvictBody } from '../api/types.js';
import { plural } from '../format.js';
import type { Action } from '../parts/action-button.js';
import { planned } from './planned.js';

const worker = (id: string) => `/workers/${part(id)}`;

/** Takes a worker out. */
export function drainWorker(id: string): Action {
  return {
    label: `Drain ${id}`,
    isDanger: true,
    plan: async () => {
      const { waiting, running, others } = await ask<DrainBody>(`${worker(id)}/drain?dryRun=true`, { method: 'POST' });
      const where =
        others === 0 ? 'wait, as no other worker may receive them' : `go to ${plural(others, 'other worker')}`;
      return `${plural(waiting, 'waiting task')} would ${where}; what it runs, ${plural(running, 'task')}, would end here. It stays drained, across restarts, until it is let back.`;
    },
    run: async (reason) => {
      const { moved } = await post<DrainBody>(`${worker(id)}/drain`, { reason });
      return `${id} is drained; ${plural(moved, 'task')} moved.`;
    },
  };
}

/** Gives what waits for a worker to others. */
export function evictWorker(id: string): Action {
  return {
    label: `Evict from ${id}`,
    isDanger: true,
    plan: async () => {
      const dry = await ask<EvictBody>(`${worker(id)}/evict?dryRun=true`, { method: 'POST' });
      const { waiting, staying, running, others } = dry;
      return `${plural(waiting, 'waiting task')} would go to ${plural(others, 'other worker')}; ${staying} would stay in its lane, and what it runs, ${plural(running, 'task')}, would end here. It receives as before.`;
    },
    run: async (reason) => {
      const { moved } = await post<EvictBody>(`${worker(id)}/evict`, { reason });
      return `${plural(moved, 'task')} of ${id} went to others.`;
    },
  };
}

/** Lets a drained worker back. */
export function undrainWorker(id: string): Action {
  return {
    label: `Undrain ${id}`,
    plan: async () => {
      const { wasDrained } = await ask<{ wasDrained: boolean }>(`${worker(id)}/undrain?dryRun=true`, {
        method: 'POST',
      });
      return wasDrained
        ? 'It would receive tasks again, from its next heartbeat on.'
        : 'It is not drained: nothing would change.';
    },
    run: async (reason) => {
      await post(`${worker(id)}/undrain`, { reason });
      return `${id} receives again.`;
    },
  };
}

/** Opens or closes a worker's breaker, or gives it back to the rules. */
export function setBreaker(id: string, order: 'open' | 'close' | 'auto'): Action {
  const verb = order === 'auto' ? 'Breaker by the rules' : order === 'open' ? 'Open breaker' : 'Close breaker';
  return {
    label: verb,
    isDanger: order === 'open',
    plan: () => planned(`${worker(id)}/breaker`, 'PUT', { json: { order } }),
    run: async (reason) => {
      await post(`${worker(id)}/breaker`, { order, reason }, 'PUT');
      return `Ordered: ${order}. It holds within a sweep.`;
    },
  };
}

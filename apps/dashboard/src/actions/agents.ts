import { part, post } from '../api/client.js';
import type { Action } from '../parts/action-button.js';
import { planned } from './planned.js';

const agent = (id: string) => `/agents/${part(id)}`;

/** Has an agent's tasks go to one worker. */
export function pinAgent(id: string, to: string, ttl: string, isSoft: boolean): Action {
  const order = { worker: to, soft: isSoft, ...(ttl === '' ? {} : { ttl }) };
  return {
    label: `Pin to ${to}`,
    plan: () => planned(`${agent(id)}/pin`, 'PUT', { json: order }),
    run: async (reason) => {
      await post(`${agent(id)}/pin`, { ...order, reason }, 'PUT');
      return `${id} is pinned to ${to}.`;
    },
  };
}

/** Lets an agent go anywhere again. */
export function unpinAgent(id: string): Action {
  return {
    label: 'Unpin',
    plan: () => planned(`${agent(id)}/pin`, 'DELETE'),
    run: async (reason) => {
      const { wasPinned } = await post<{ wasPinned: boolean }>(`${agent(id)}/pin`, { reason }, 'DELETE');
      return wasPinned ? `${id} is free.` : `${id} was not pinned.`;
    },
  };
}

/** Takes an agent from its home. */
export function releaseAgent(id: string): Action {
  return {
    label: 'Release',
    isDanger: true,
    plan: () => planned(`${agent(id)}/release`, 'POST'),
    run: async (reason) => {
      const { hadHome } = await post<{ hadHome: boolean }>(`${agent(id)}/release`, { reason });
      return hadHome ? `${id} has no home any more.` : `${id} had no home.`;
    },
  };
}

/** Has an agent go to a worker with its next task. */
export function moveAgent(id: string, to: string): Action {
  return {
    label: `Move to ${to}`,
    isDanger: true,
    plan: () => planned(`${agent(id)}/move`, 'POST', { json: { worker: to } }),
    run: async (reason) => {
      await post(`${agent(id)}/move`, { worker: to, reason });
      return `${id} goes to ${to} with its next task.`;
    },
  };
}

/** Has an agent's tasks wait. */
export function pauseAgent(id: string): Action {
  return {
    label: 'Pause',
    isDanger: true,
    plan: () => planned(`${agent(id)}/pause`, 'POST'),
    run: async (reason) => {
      const { wasPaused } = await post<{ wasPaused: boolean }>(`${agent(id)}/pause`, { reason });
      return wasPaused ? `${id} was paused.` : `${id} is paused.`;
    },
  };
}

/** Lets a paused agent's tasks go on. */
export function resumeAgent(id: string): Action {
  return {
    label: 'Resume',
    plan: () => planned(`${agent(id)}/resume`, 'POST'),
    run: async (reason) => {
      const { wasPaused } = await post<{ wasPaused: boolean }>(`${agent(id)}/resume`, { reason });
      return wasPaused ? `${id} goes on.` : `${id} was not paused.`;
    },
  };
}

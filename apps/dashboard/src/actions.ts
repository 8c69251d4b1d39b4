import { ask, part } from './api/client.js';
import type { AgentBody, DrainBody, PoolBody } from './api/types.js';
import { plural } from './format.js';
import type { Action } from './parts/action-button.js';

const post = <T>(path: string, json: object, method = 'POST') => ask<T>(path, { method, json });
const worker = (id: string) => `/workers/${part(id)}`;
const agent = (id: string) => `/agents/${part(id)}`;
const task = (id: string) => `/tasks/${part(id)}`;

/** Takes a worker out. */
export function drainWorker(id: string): Action {
  return {
    label: `Drain ${id}`,
    isDanger: true,
    plan: async () => {
      const { waiting, running, others } = await ask<DrainBody>(`${worker(id)}/drain?dryRun=true`, { method: 'POST' });
      const where =
        others === 0 ? 'wait, as no other worker may receive them' : `go to ${plural(others, 'other worker')}`;
      return `${plural(waiting, 'waiting task')} would ${where}; ${running} that run end here. It stays drained, across restarts, until it is let back.`;
    },
    run: async (reason) => {
      const { moved } = await post<DrainBody>(`${worker(id)}/drain`, { reason });
      return `${id} is drained; ${plural(moved, 'task')} moved.`;
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

const breakerPlans = {
  open: 'It would get nothing, and its waiting tasks would go to others, until the breaker is closed or given back to the rules.',
  closed: 'It would get tasks whatever it does, until the breaker is given back to the rules.',
  auto: 'The rules would decide again.',
} as const;

/** Opens or closes a worker's breaker, or gives it back to the rules. */
export function setBreaker(id: string, order: keyof typeof breakerPlans): Action {
  const verb = order === 'auto' ? 'Breaker by the rules' : order === 'open' ? 'Open breaker' : 'Close breaker';
  return {
    label: verb,
    isDanger: order === 'open',
    plan: () => breakerPlans[order],
    run: async (reason) => {
      await post(`${worker(id)}/breaker`, { order, reason }, 'PUT');
      return `Ordered: ${order}. It holds within a sweep.`;
    },
  };
}

/** Has an agent's tasks go to one worker. */
export function pinAgent(id: string, to: string, ttl: string, isSoft: boolean): Action {
  return {
    label: `Pin to ${to}`,
    plan: () =>
      `Its tasks would go to ${to} ${isSoft ? 'while that takes tasks' : 'and no other'}, ${ttl === '' ? 'until it is unpinned' : `for ${ttl}`}. One that runs ends where it is.`,
    run: async (reason) => {
      await post(`${agent(id)}/pin`, { worker: to, soft: isSoft, reason, ...(ttl === '' ? {} : { ttl }) }, 'PUT');
      return `${id} is pinned to ${to}.`;
    },
  };
}

/** Lets an agent go anywhere again. */
export function unpinAgent(id: string): Action {
  return {
    label: 'Unpin',
    plan: () => 'Its tasks would go anywhere again; it stays at its home until it has to move.',
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
    plan: async () => {
      const { home, current, waiting } = await ask<AgentBody>(agent(id));
      if (home === null) return 'It has no home: nothing would change.';
      const running = current === null ? '' : ' A task that runs ends first.';
      return `${home} would close its state, so that its next task starts cold, wherever there is room. ${plural(waiting, 'task')} wait in its mailbox.${running}`;
    },
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
    plan: () => `Its next task, or the one that waits, would start cold on ${to}. It may move on after that.`,
    run: async (reason) => {
      await post(`${agent(id)}/move`, { worker: to, reason });
      return `${id} goes to ${to} with its next task.`;
    },
  };
}

/** Cancels a task. */
export function cancelTask(id: string, state: string): Action {
  return {
    label: 'Cancel',
    isDanger: true,
    plan: () =>
      state === 'running'
        ? 'Its worker would abort it, which hears of it by its next heartbeat. What it has done so far stays done.'
        : 'It would never start. The next task of its agent goes on.',
    run: async (reason) => {
      const { outcome } = await post<{ outcome: string }>(`${task(id)}/cancel`, { reason });
      return `Outcome: ${outcome}.`;
    },
  };
}

/** Lets a failed task run again. */
export function retryTask(id: string): Action {
  return {
    label: 'Retry',
    plan: () => "It would run again with all its attempts, behind its agent's other tasks.",
    run: async (reason) => {
      await post(`${task(id)}/retry`, { reason });
      return 'It runs again.';
    },
  };
}

/** Kills a worker of the demo. */
export function crashWorker(): Action {
  return {
    label: 'Crash a worker',
    isDanger: true,
    plan: () =>
      'One of the workers would be killed in the middle of its tasks (SIGKILL). Its lease ends after 3 s, its agents move to the others, its tasks run again; it starts anew a little later.',
    run: async (reason) => {
      const { worker } = await post<{ worker: string }>('/demo/crash', { reason });
      return `${worker} was killed. Watch lost stay 0 while its agents move.`;
    },
  };
}

/** Changes a key of a pool's configuration, as it was read; null takes it back to the settings of the processes. */
export function changeConfig(
  { pool, config, configVersion }: PoolBody,
  key: string,
  value: string | null,
  label: string,
): Action {
  const path = key.split('.');
  const old = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], config);
  return {
    label,
    isDanger: true,
    plan: () => {
      const was = old === undefined ? 'as the processes say' : JSON.stringify(old);
      const is = value === null ? 'as the processes say' : value;
      return `${key}: ${was} → ${is}. Every process would apply it within a second. It is refused if somebody else changes the configuration first.`;
    },
    run: async (reason) => {
      const changes = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), readValue(value));
      const headers = { 'if-match': `"${configVersion}"` };
      const json = { config: changes, reason };
      const told = await ask<{ configVersion: number }>(`/pools/${part(pool)}`, { method: 'PATCH', json, headers });
      return `Version ${told.configVersion} is in force.`;
    },
  };
}

/** A number, true or false, JSON, or else a text. */
function readValue(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text; // A word or a duration.
  }
}

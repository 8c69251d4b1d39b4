import { post } from '../api/client.js';
import type { Action } from '../parts/action-button.js';

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

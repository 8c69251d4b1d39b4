import { part, post } from '../api/client.js';
import type { Action } from '../parts/action-button.js';
import { planned } from './planned.js';

const task = (id: string) => `/tasks/${part(id)}`;

const cancelPlans: Readonly<Record<string, string>> = {
  cancelled: 'It would never start. The next task of its agent goes on.',
  cancelling: 'Its worker would abort it, which hears of it by its next heartbeat. What it has done so far stays done.',
  finished: 'It has ended: nothing would change.',
  'waiting-children': 'It waits for its children: nothing would change.',
};

/** Cancels a task. */
export function cancelTask(id: string): Action {
  return {
    label: 'Cancel',
    isDanger: true,
    plan: async () => {
      const { outcome } = await post<{ outcome: string }>(`${task(id)}/cancel?dryRun=true`, {});
      return cancelPlans[outcome] ?? `It would meet: ${outcome}.`;
    },
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
    plan: () => planned(`${task(id)}/retry`, 'POST'),
    run: async (reason) => {
      await post(`${task(id)}/retry`, { reason });
      return 'It runs again.';
    },
  };
}

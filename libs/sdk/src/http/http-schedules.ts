import { invalidInput } from '@shunt/lanes';
import { checkedSchedule, type InputLimits, type Schedule } from '../client/schedules.js';
import type { ShuntClient } from '../client/shunt-client.js';
import { idProblem } from '../input/ids.js';
import { assertOrderOptions } from '../input/order-options.js';
import type { TaskMap } from '../task-map.js';
import type { Ask } from './http-orders.js';
import { unlessMissing } from './problem.js';

/** The schedules of a pool, over HTTP. */
export function httpSchedules<Tasks extends TaskMap>(ask: Ask, limits: InputLimits): ShuntClient<Tasks>['schedules'] {
  const at = (id: string) => `/schedules/${encodeURIComponent(id)}`;
  return {
    upsert: async (id, timing, task, input, { by, reason, ...options } = {}) => {
      assertOrderOptions({ by, reason });
      const { json } = checkedSchedule(limits, id, timing, task, input, options);
      return ask<Schedule>({
        method: 'PUT',
        path: at(id),
        body: { ...timing, task, input: JSON.parse(json), options, reason },
      });
    },
    list: async () => (await ask<{ schedules: Schedule[] }>({ path: '/schedules' })).schedules,
    remove: async (id, options = {}) => {
      const message = idProblem(id);
      if (message !== null) throw invalidInput([{ field: 'id', message }]);
      assertOrderOptions(options);
      const asked = ask({ method: 'DELETE', path: at(id), body: { reason: options.reason } });
      return asked.then(() => true).catch(unlessMissing(false));
    },
  };
}

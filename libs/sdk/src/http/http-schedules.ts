import { invalidInput } from '@shunt/lanes';
import { idProblem } from '../input/ids.js';
import { checkedSchedule, type InputLimits, type Schedule } from '../schedules.js';
import type { ShuntClient } from '../shunt-client.js';
import type { TaskMap } from '../task-map.js';
import type { Ask } from './http-orders.js';
import { unlessMissing } from './problem.js';

/** The schedules of a pool, over HTTP. */
export function httpSchedules<Tasks extends TaskMap>(ask: Ask, limits: InputLimits): ShuntClient<Tasks>['schedules'] {
  const at = (id: string) => `/schedules/${encodeURIComponent(id)}`;
  return {
    upsert: async (id, timing, task, input, options = {}) => {
      const { json } = checkedSchedule(limits, id, timing, task, input, options);
      return ask<Schedule>({
        method: 'PUT',
        path: at(id),
        body: { ...timing, task, input: JSON.parse(json), options },
      });
    },
    list: async () => (await ask<{ schedules: Schedule[] }>({ path: '/schedules' })).schedules,
    remove: async (id) => {
      const message = idProblem(id);
      if (message !== null) throw invalidInput([{ field: 'id', message }]);
      const asked = ask({ method: 'DELETE', path: at(id), body: {} });
      return asked.then(() => true).catch(unlessMissing(false));
    },
  };
}

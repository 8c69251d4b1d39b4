import { setTimeout as sleep } from 'node:timers/promises';
import { switchStrategy } from '../../switch-strategy.js';
import type { Nemesis } from '../nemesis.js';

/** As many as it takes seconds, which is longer than the time between two strikes: where this nemesis is the only one, the next follows at once. */
const switches = 5;
let switched = 0;

/** An operator who cannot decide. */
const anotherStrategy: Nemesis = {
  name: 'strategy switched each second',
  target: 'dispatchers',
  excuses: 'nothing',
  leases: 1.5,
  strike: async ({ run }) => {
    const seen: string[] = [];
    for (let n = 0; n < switches; n++) {
      seen.push(await switchStrategy(run, switched++));
      await sleep(1000);
    }
    const told = await run.redis.hget(run.keys.of('config'), 'version');
    return `${seen.join(', ')}, by version ${told} of the configuration`;
  },
};

/** What strikes a pool's configuration. */
export const configurationNemeses: readonly Nemesis[] = [anotherStrategy];

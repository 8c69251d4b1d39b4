import { runTrials } from '../trials/run-trials.js';
import { capacity } from './capacity.js';
import { pullCost } from './pull-cost.js';
import { routingCache } from './routing-cache.js';
import { simulated } from './simulated.js';
import { simulatedCapacity } from './simulated-capacity.js';

await runTrials({
  command: 'bench:placement',
  about: 'What placement is worth in a real pool, against the bars it is held to',
  kind: 'trials',
  rounds: 3,
  file: 'placement',
  trials: [capacity, simulatedCapacity, simulated, pullCost, routingCache],
});

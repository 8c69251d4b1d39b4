import { runTrials } from '../trials/run-trials.js';
import { capacity } from './capacity.js';
import { ratesPlot } from './plot.js';
import { pullCost } from './pull-cost.js';
import { routingCache } from './routing-cache.js';
import { simulated } from './simulated.js';
import { simulatedCapacity } from './simulated-capacity.js';
import { simulatedTrace } from './simulated-trace.js';

await runTrials({
  command: 'bench:placement',
  about: 'What placement is worth in a real pool, against the bars it is held to',
  kind: 'trials',
  rounds: 3,
  file: 'placement',
  plot: ratesPlot,
  trials: [capacity, simulatedCapacity, simulated, simulatedTrace, pullCost, routingCache],
});

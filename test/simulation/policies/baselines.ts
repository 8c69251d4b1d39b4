import { strategies } from '@shunt/balancing';
import { StateOnOneWorker } from '../engine/warm-states.js';
import { EarlyBinding, type Pick } from './early-binding.js';
import type { PolicyEntry } from './entry.js';
import { expectedCompletion } from './expected-completion.js';
import { byHeartbeats } from './heartbeats.js';
import { byClippedScore, byHash, byStrategy, spilling, sticky, withWaits } from './picks.js';
import { prequal } from './prequal.js';
import { rebalanced } from './rebalancer.js';
import { SharedQueue } from './shared-queue.js';
import { StickyTimeout } from './sticky-timeout.js';
import { cacheAware, lard } from './thresholds.js';

const sessionMs = 300_000;
const early = (pick: () => Pick) => () => new EarlyBinding(new StateOnOneWorker(false), pick());
const leastLoad = () => byStrategy(strategies['least-connections']);

/** How others dispatch. */
export const baselines: readonly PolicyEntry[] = [
  {
    name: 'shared-queue',
    about: 'one queue, any free worker: plain BullMQ with order per agent',
    make: () => new SharedQueue(new StateOnOneWorker(false), false),
  },
  { name: 'hash', about: 'a queue per worker, the agent hashed to one', make: early(() => byHash) },
  {
    name: 'bounded-hash',
    about: 'the same with bounded loads, 1.25',
    make: early(() => byStrategy(strategies['consistent-hash'])),
  },
  {
    name: 'weighted-score',
    about: 'load 0.4 (clipped at full), response time 0.3, distance 0.1, bound on arrival',
    make: early(() => byClippedScore),
  },
  {
    name: 'intelligent',
    about: 'the strategy intelligent, its load not clipped, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies.intelligent)),
  },
  { name: 'least-connections', about: 'least load, bound on arrival', make: early(leastLoad) },
  ...(['least-connections', 'power-of-two'] as const).map((name) => ({
    name: `stale-${name}`,
    about: `${name} by heartbeats of 1 s alone, bound on arrival`,
    isAside: true,
    make: early(() => byStrategy(strategies[name], byHeartbeats())),
  })),
  {
    name: 'power-of-two',
    about: 'the lower load of two, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies['power-of-two'])),
  },
  {
    name: 'peak-ewma',
    about: 'of two the lower peak response time x load, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies['peak-ewma'])),
  },
  {
    name: 'peak-ewma-waits',
    about: 'the same, its response times with the wait in the lane in them',
    isAside: true,
    make: early(() => byStrategy(strategies['peak-ewma'], withWaits)),
  },
  {
    name: 'prequal',
    about: 'of three probed workers the quickest that is not among the busiest, bound on arrival',
    isAside: true,
    make: early(prequal),
  },
  {
    name: 'weighted-round-robin',
    about: 'smooth, in proportion to slots, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies['weighted-round-robin'], ({ slots }) => ({ weight: slots }))),
  },
  {
    name: 'round-robin',
    about: 'each worker in turn, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies['round-robin'])),
  },
  {
    name: 'random',
    about: 'any worker, bound on arrival',
    isAside: true,
    make: early(() => byStrategy(strategies.random)),
  },
  {
    name: 'sticky',
    about: 'session of 300 s, least load for new agents, bound on arrival',
    make: early(() => sticky(sessionMs, leastLoad())),
  },
  {
    name: 'sticky-rebalanced',
    about:
      'sticky, and every 5 s agents without a task move from the busiest workers to the idlest, one in a hundred at most',
    isAside: true,
    make: early(() => rebalanced(sticky(sessionMs, leastLoad()))),
  },
  {
    name: 'sticky-timeout',
    about: 'a queue for each worker whose tasks go to any worker after 5 s, and a shared one for agents without a home',
    isAside: true,
    make: () => new StickyTimeout(new StateOnOneWorker(false), 5000),
  },
  {
    name: 'expected-completion',
    about: 'who would be done first, the home unless it takes 2 C longer, bound on arrival',
    isAside: true,
    make: early(() => expectedCompletion),
  },
  {
    name: 'sticky-spill',
    about: 'sticky, but away from a home above 1.25 times its share',
    make: early(() => spilling(leastLoad())),
  },
  {
    name: 'lard',
    about: 'sticky, but away from a home above 1.6 tasks a slot while another is below 0.8, and above 3.2',
    isAside: true,
    make: early(() => lard(leastLoad())),
  },
  ...[8, 64].map((tasks) => ({
    name: `cache-aware-${tasks}`,
    about: `sticky, but least load while workers are ${tasks} tasks and 1.5 times apart`,
    isAside: true,
    make: early(() => cacheAware(tasks, leastLoad())),
  })),
];

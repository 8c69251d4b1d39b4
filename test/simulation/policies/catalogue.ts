import { type Strategy, strategies } from '@shunt/balancing';
import { StateEverywhere, StateOnOneWorker } from '../engine/warm-states.js';
import { AffinityPull, type AffinityPullOptions } from './affinity-pull.js';
import { baselines } from './baselines.js';
import { BusyPull } from './busy-pull.js';
import type { PolicyEntry } from './entry.js';
import { SharedQueue } from './shared-queue.js';

const leastConnections = strategies['least-connections'];
const pulled = (strategy: Strategy, options?: AffinityPullOptions) => () =>
  new AffinityPull(new StateOnOneWorker(true), strategy, options);

/** The bound that everything is measured against: one queue, every avoidable cold start avoided, the fastest worker first. */
export const ideal: PolicyEntry = {
  name: 'ideal',
  about: 'one queue, oldest first, and warm wherever the room of all workers together would hold the state',
  make: () => new SharedQueue(new StateEverywhere(), true),
};

/** Shunt as it is set up when nobody says otherwise. */
export const defaultPolicy: PolicyEntry = {
  name: 'shunt',
  about: 'affinity pull with bounded patience, 2 C: the default',
  make: pulled(leastConnections),
};

/** Every way to dispatch that is compared, the ideal apart. */
export const policies: readonly PolicyEntry[] = [
  defaultPolicy,
  {
    name: 'shunt-impatient',
    about: 'the same without patience: an idle worker takes a foreign agent at once',
    make: pulled(leastConnections, { patienceTimes: 0 }),
  },
  ...[0.5, 1, 4, 8].map((coldCosts) => ({
    name: `shunt-${coldCosts}c`,
    about: `the default policy with a patience of ${coldCosts} C`,
    isAside: true,
    make: pulled(leastConnections, { patienceTimes: coldCosts / 2 }),
  })),
  {
    name: 'shunt-undivided',
    about: "the default policy, an agent's waiting tasks sharing no patience",
    isAside: true,
    make: pulled(leastConnections, { isDivided: false }),
  },
  {
    name: 'shunt-youngest',
    about: 'the default policy, an idle worker taking the youngest of the tasks whose patience is over',
    isAside: true,
    make: pulled(leastConnections, { takes: 'youngest' }),
  },
  {
    name: 'shunt-longest',
    about:
      'the default policy undivided, an idle worker taking the agent with the most waiting tasks of those whose patience is over',
    isAside: true,
    make: pulled(leastConnections, { isDivided: false, takes: 'longest' }),
  },
  {
    name: 'shunt-busy',
    about: 'the default policy, busy workers taking what has waited for 4 C elsewhere as well',
    isAside: true,
    make: () => new BusyPull(new StateOnOneWorker(true), leastConnections),
  },
  ...Object.values(strategies)
    .filter((strategy) => strategy !== leastConnections)
    .map((strategy: Strategy) => ({
      name: `shunt+${strategy.name}`,
      about: `the default policy, new agents placed by ${strategy.name}`,
      make: pulled(strategy),
    })),
  ...baselines,
];

import { type Strategy, strategies } from '@shunt/balancing';
import type { Policy } from '../engine/policy.js';
import { StateEverywhere, StateOnOneWorker } from '../engine/warm-states.js';
import { AffinityPull } from './affinity-pull.js';
import { EarlyBinding, type Pick } from './early-binding.js';
import { byClippedScore, byHash, byStrategy, spilling, sticky } from './picks.js';
import { SharedQueue } from './shared-queue.js';

/** A policy to simulate. */
export interface PolicyEntry {
  readonly name: string;
  readonly about: string;
  make(): Policy;
}

const sessionMs = 300_000;
const early = (pick: () => Pick) => () => new EarlyBinding(new StateOnOneWorker(false), pick());
const pulled = (strategy: Strategy) => () => new AffinityPull(new StateOnOneWorker(true), strategy);
const leastLoad = () => byStrategy(strategies['least-connections']);

/** The bound that everything is measured against: one queue, every avoidable cold start avoided, the fastest worker first. */
export const ideal: PolicyEntry = {
  name: 'ideal',
  about: 'one queue, oldest first, and warm wherever the room of all workers together would hold the state',
  make: () => new SharedQueue(new StateEverywhere(), true),
};

/** Shunt as it is set up when nobody says otherwise. */
export const defaultPolicy: PolicyEntry = {
  name: 'shunt',
  about: 'affinity pull with bounded patience: the default',
  make: pulled(strategies['least-connections']),
};

/** Every way to dispatch that is compared, the ideal apart. */
export const policies: readonly PolicyEntry[] = [
  defaultPolicy,
  {
    name: 'shunt-impatient',
    about: 'the same without patience: an idle worker takes a foreign agent at once',
    make: () => new AffinityPull(new StateOnOneWorker(true), strategies['least-connections'], { isImpatient: true }),
  },
  ...Object.values(strategies)
    .filter((strategy) => strategy !== strategies['least-connections'])
    .map((strategy: Strategy) => ({
      name: `shunt+${strategy.name}`,
      about: `the default policy, new agents placed by ${strategy.name}`,
      make: pulled(strategy),
    })),
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
  { name: 'least-connections', about: 'least load, bound on arrival', make: early(leastLoad) },
  {
    name: 'sticky',
    about: 'session of 300 s, least load for new agents, bound on arrival',
    make: early(() => sticky(sessionMs, leastLoad())),
  },
  {
    name: 'sticky-spill',
    about: 'sticky, but away from a home above 1.25 times its share',
    make: early(() => spilling(leastLoad())),
  },
];

import type { FleetEvent } from './engine/fleet-events.js';
import type { WorkerSpec } from './engine/model.js';
import type { SessionShape } from './workload/sessions.js';
import type { SyntheticShape } from './workload/synthetic.js';
import type { TraceShape } from './workload/traced.js';

/** What is simulated: a workload on a fleet, and what happens to it. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly workload:
    | { readonly kind: 'synthetic'; readonly shape: SyntheticShape }
    | { readonly kind: 'sessions'; readonly shape: SessionShape }
    | { readonly kind: 'trace'; readonly shape: TraceShape };
  readonly workers: readonly WorkerSpec[];
  /** What happens when a share of the tasks has arrived; measured are then the 120 s after it. */
  readonly event?: { readonly at: number; readonly what: readonly FleetEvent[] };
}

/** Room for the state of 24 agents in each slot, unless a scenario says otherwise. */
const agentsPerSlot = 24;
const fleet = (count: number, slots: number, perSlot = agentsPerSlot): WorkerSpec[] =>
  Array.from({ length: count }, () => ({ slots, maxAgents: perSlot * slots }));
const unequalSlots = [4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 16, 16, 16, 16].map((slots) => ({
  slots,
  maxAgents: agentsPerSlot * slots,
}));
const base: SyntheticShape = {
  tasks: 150_000,
  agents: 4096,
  zipf: 1,
  hotSlots: 0.3,
  load: 0.8,
  coldCost: 1,
  service: { kind: 'lognormal', cv: 2 },
  arrivals: { kind: 'poisson' },
};

/** A synthetic scenario: what differs from 16 workers of 8 slots at load 0.8. */
function scenario(name: string, about: string, shape: Partial<SyntheticShape> = {}, workers = fleet(16, 8)): Scenario {
  return { name, about, workload: { kind: 'synthetic', shape: { ...base, ...shape } }, workers };
}

/** One of 8 workers of 8 slots at load 0.7, to which something happens at half time. */
function incident(name: string, about: string, what: FleetEvent): Scenario {
  const shape = { agents: 2048, load: 0.7, tasks: 120_000 };
  return { ...scenario(name, about, shape, fleet(8, 8)), event: { at: 0.5, what: [what] } };
}

const joining = [4, 5, 6, 7];
const half = fleet(8, 8).map((worker, n) => (n < 4 ? worker : { ...worker, joinAt: 0.5 }));

/** Every scenario, the steady ones first. */
export const scenarios: readonly Scenario[] = [
  scenario('load-50', 'load 0.5', { load: 0.5 }),
  scenario('load-70', 'load 0.7', { load: 0.7 }),
  scenario('base-80', '16 workers of 8 slots, 4,096 agents, load 0.8'),
  scenario('load-90', 'load 0.9', { load: 0.9 }),
  scenario('load-95', 'load 0.95', { load: 0.95 }),
  scenario('zipf-0.8', 'flatter popularity', { zipf: 0.8 }),
  scenario('zipf-1.2-hot', 'steeper popularity, hottest agent 0.6 slot', { zipf: 1.2, hotSlots: 0.6 }),
  scenario('exp', 'exponential service times', { service: { kind: 'exponential' } }),
  scenario('cv4', 'service times of cv 4', { service: { kind: 'lognormal', cv: 4 } }),
  scenario('pareto-1.5', 'Pareto service times', { service: { kind: 'pareto', alpha: 1.5 } }),
  scenario('mmpp', 'bursts at 1.35 times the capacity, 20 % of the time', {
    load: 0.75,
    arrivals: { kind: 'bursts', factor: 1.8, share: 0.2, meanMs: 5000 },
  }),
  scenario('batch-4', 'four tasks of an agent at once', { arrivals: { kind: 'batch', meanTasks: 4 } }),
  {
    name: 'sessions',
    about: 'new agents with 10 turns, pauses of 2 s',
    workload: {
      kind: 'sessions',
      shape: { tasks: 150_000, load: 0.85, coldCost: 1, cv: 2, meanTurns: 10, meanPauseMs: 2000 },
    },
    workers: fleet(16, 8),
  },
  scenario('drift', '50 new agents per 1,000 tasks', { drift: 50 }),
  scenario('het-slots', 'workers of 4, 8 and 16 slots', {}, unequalSlots),
  scenario(
    'het-speed',
    'workers of speed 1, 1, 2 and 4',
    {},
    fleet(16, 8).map((worker, n) => ({ ...worker, speed: [1, 1, 2, 4][n % 4] as number })),
  ),
  scenario('no-free', 'load 0.9, all state fits', { load: 0.9 }, fleet(16, 8, 32)),
  scenario('tight', 'room for half the state', {}, fleet(16, 8, 12)),
  scenario('cold-0.25', 'cold start of 0.25 S', { coldCost: 0.25 }),
  scenario('cold-4', 'cold start of 4 S', { coldCost: 4 }),
  scenario('w8c4-80', '8 workers of 4 slots', { agents: 1024 }, fleet(8, 4)),
  scenario('w8c4-90', '8 workers of 4 slots, load 0.9', { agents: 1024, load: 0.9 }, fleet(8, 4)),
  scenario('w16c16', '16 workers of 16 slots, load 0.9', { agents: 8192, load: 0.9, tasks: 250_000 }, fleet(16, 16)),
  scenario('w64c8', '64 workers of 8 slots, load 0.9', { agents: 16_384, load: 0.9, tasks: 400_000 }, fleet(64, 8)),
  scenario(
    'w256c8',
    '256 workers of 8 slots, load 0.9',
    { agents: 65_536, load: 0.9, tasks: 1_200_000 },
    fleet(256, 8),
  ),
  scenario('agent-cv', 'agents of unequal cost, load 0.85', { load: 0.85, agentCv: 1 }),
  scenario('cold-cv', 'cold starts of unequal cost, load 0.85', { load: 0.85, coldCv: 1.5 }),
  scenario(
    'all-in',
    'unequal slots, bursts, cv 4, Zipf 1.2, drift and cold starts of unequal cost, load 0.75',
    {
      ...{ load: 0.75, zipf: 1.2, hotSlots: 0.5, drift: 20, coldCv: 1 },
      service: { kind: 'lognormal', cv: 4 },
      arrivals: { kind: 'bursts', factor: 1.6, share: 0.2, meanMs: 5000 },
    },
    unequalSlots,
  ),
  incident('slow', 'a worker drops to a fifth of its speed', { kind: 'speed', worker: 3, speed: 0.2 }),
  incident('blackhole', 'a worker fails 0.7 of its starts, each in 10 ms; 6 attempts', {
    ...{ kind: 'fail', worker: 3, share: 0.7, afterMs: 10 },
  }),
  incident('death', 'a worker dies, noticed after 3 s', { kind: 'die', worker: 3, detectMs: 3000 }),
  incident('death-d1', 'a worker dies, noticed after 1 s', { kind: 'die', worker: 3, detectMs: 1000 }),
  incident('death-d10', 'a worker dies, noticed after 10 s', { kind: 'die', worker: 3, detectMs: 10_000 }),
  {
    ...scenario('scale-4-8', '4 workers at load 1.1, then 8', { agents: 1024, load: 1.1, tasks: 60_000 }, half),
    event: { at: 0.5, what: joining.map((worker) => ({ kind: 'join', worker })) },
  },
  {
    ...scenario(
      'scale-warmup',
      'the same, the new ones at a third of their speed for 10 s',
      { agents: 1024, load: 1.1, tasks: 60_000 },
      half.map((worker, n) => (n < 4 ? worker : { ...worker, speed: 0.3 })),
    ),
    event: {
      at: 0.5,
      what: joining.flatMap((worker) => [
        { kind: 'join', worker },
        { kind: 'speed', worker, speed: 1, afterMs: 10_000 },
      ]),
    },
  },
  {
    ...scenario('flush', 'all state is lost, nobody is told', {}, fleet(16, 8, 32)),
    event: { at: 0.5, what: [{ kind: 'flush' }] },
  },
  {
    ...scenario('cold-start', 'full load on empty workers', { hasRamp: false }, fleet(16, 8, 32)),
    event: { at: 0, what: [] },
  },
  {
    name: 'tr-mooncake',
    about: '12 copies of an hour of production chat on 8 workers of 4 slots, load 0.85',
    workload: { kind: 'trace', shape: { trace: 'mooncake-conversation', copies: 12, load: 0.85, coldCost: 1 } },
    workers: fleet(8, 4, 600),
  },
  {
    name: 'tr-azure',
    about: '6 copies of an hour of two production services, each task of an agent of its own, on 8 workers of 4 slots',
    workload: { kind: 'trace', shape: { trace: 'azure-llm-2023', copies: 6, load: 0.8, coldCost: 1 } },
    workers: fleet(8, 4, 50),
  },
];

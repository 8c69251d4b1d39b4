import {
  addServiceTimes,
  coldCostMs,
  costsMore,
  earnMoves,
  meanServiceMs,
  movesPerTask,
  noServiceTimes,
  patienceMs,
  type ServiceTimes,
  startPatienceMs,
} from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import type { Live } from './pool-config/config-watcher.js';
import { runScript } from './script-runner.js';

/** How firmly a pool's agents stay at home. */
export interface PullPolicy {
  /**
   * `soft`: an idle worker takes a waiting task once its patience is over. `strict`: never. `none`: at once. Defaults to
   * `soft`.
   */
  readonly affinity?: 'soft' | 'strict' | 'none';
  /** How long a lone task waits for its home, in ms. Defaults to `auto`: twice the cold cost, which the pool learns. */
  readonly patience?: 'auto' | number;
  /** Moves to more than half-busy workers that each finished task pays for, 0 to 1. Defaults to 0.1. */
  readonly moveBudget?: number;
}

/** Shortest learned patience: below it a stranger would race an idle home. As `leastMs` of stealable.lua. */
const leastPatienceMs = 100;

/** What a pool's leader has published. */
export interface PullState {
  /** How long a lone task waits for its home, in ms; below 0 for ever. */
  readonly patienceMs: number;
  /** What a cold start costs beyond a warm one, in ms; null until the pool knows. */
  readonly coldCostMs: number | null;
  /** Moves left in the budget. */
  readonly moves: number;
  /** Number of workers that fell far behind their own past. */
  readonly stragglers: number;
}

/** Reads what the leader has published; before there was one, what the scripts go by. */
export async function readPull(redis: Redis, keys: PoolKeys): Promise<PullState> {
  const fields = await redis.hmget(keys.of('pull'), 'patienceMs', 'coldCostMs', 'granted', 'spent', 'stragglers');
  const [patience, coldCost, granted, spent, stragglers] = fields;
  return {
    patienceMs: Number(patience ?? startPatienceMs),
    coldCostMs: coldCost ? Number(coldCost) : null,
    moves: Number(granted) - Number(spent),
    stragglers: (stragglers ?? '').split(' ').filter(Boolean).length,
  };
}

/** What a leader remembers from one look to the next; kept in Redis, as the next leader goes on with it. */
interface Learned {
  readonly times: ServiceTimes;
  /** The pool's totals at the last look. */
  readonly seen: ServiceTimes;
  readonly finished: number;
}

const nothingLearned: Learned = { times: noServiceTimes, seen: noServiceTimes, finished: 0 };
const timeFields = ['warmEnded', 'warmMs', 'coldEnded', 'coldMs'] as const;

/** Learns a pool's cold cost from its totals and publishes patience and move budget for the scripts, while its dispatcher leads. */
export class PullTuner {
  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly tuning: Live<{ readonly pull: PullPolicy }>,
  ) {}

  /** Looks once, under a leader's term. stragglers: each with how many times slower than usual it is. Defaults to none. */
  async tune(term: number, stragglers: ReadonlyMap<string, number> = new Map()): Promise<void> {
    const { redis, keys } = this;
    const [known, totals, slots] = await Promise.all([
      redis.hmget(keys.of('pull'), 'learned', 'granted', 'spent'),
      redis.hmget(keys.of('totals'), ...timeFields, 'completed', 'finishedFailed'),
      redis.hvals(keys.of('routable')),
    ]);
    const [learned, granted, spent] = known;
    const before = learned ? (JSON.parse(learned) as Learned) : nothingLearned;
    const [warmEnded, warmMs, coldEnded, coldMs, completed, failed] = totals.map(Number) as [number, ...number[]];
    const seen = {
      warm: { tasks: warmEnded, sumMs: warmMs ?? 0 },
      cold: { tasks: coldEnded ?? 0, sumMs: coldMs ?? 0 },
    };
    const finished = (completed ?? 0) + (failed ?? 0);
    const times = addServiceTimes(before.times, grownSince(before.seen, seen));
    const moves = earnMoves(
      Number(granted) - Number(spent),
      Math.max(0, finished - before.finished),
      slots.reduce((sum, each) => sum + Number(each), 0),
      this.tuning.current.pull.moveBudget ?? movesPerTask,
    );
    await this.publish(term, { times, seen, finished }, Number(spent) + moves, stragglers);
  }

  private async publish(
    term: number,
    learned: Learned,
    granted: number,
    stragglers: ReadonlyMap<string, number>,
  ): Promise<void> {
    const fields = {
      stragglers: spaced([...stragglers.keys()]),
      left: spaced(leftHomes(stragglers, learned.times)),
      patienceMs: this.patience(learned.times),
      coldCostMs: coldCostMs(learned.times) ?? '',
      granted,
      learned: JSON.stringify(learned),
    };
    const names = ['leader', 'pull'].map(this.keys.of);
    await runScript(this.redis, 'tune', names, [term, ...Object.entries(fields).flat()]);
  }

  private patience(times: ServiceTimes): number {
    const { affinity = 'soft', patience = 'auto' } = this.tuning.current.pull;
    if (affinity === 'strict') return -1;
    if (affinity === 'none') return 0;
    return patience === 'auto' ? Math.max(leastPatienceMs, Math.ceil(patienceMs(times))) : patience;
  }
}

/** Those whose agents are better off with a cold start elsewhere. */
function leftHomes(stragglers: ReadonlyMap<string, number>, times: ServiceTimes): string[] {
  const serviceMs = meanServiceMs(times);
  const costMs = coldCostMs(times);
  if (serviceMs === null || costMs === null) return [];
  return [...stragglers].filter(([, slowdown]) => costsMore(slowdown, serviceMs, costMs)).map(([worker]) => worker);
}

/** Names as scripts look for them: each between spaces. */
function spaced(names: readonly string[]): string {
  return names.length === 0 ? '' : ` ${names.join(' ')} `;
}

/** What the totals grew by; nothing where they are smaller, as Redis came back without its data. */
function grownSince(before: ServiceTimes, after: ServiceTimes): ServiceTimes {
  const grown = (kind: keyof ServiceTimes) => {
    const tasks = after[kind].tasks - before[kind].tasks;
    const sumMs = after[kind].sumMs - before[kind].sumMs;
    return tasks > 0 && sumMs >= 0 ? { tasks, sumMs } : { tasks: 0, sumMs: 0 };
  };
  return { warm: grown('warm'), cold: grown('cold') };
}

import {
  acrossWorkers,
  coldCostMs,
  costsMore,
  earnMoves,
  leastColdTasks,
  meanServiceMs,
  movesPerTask,
  noServiceTimes,
  patienceMs,
  type ServiceTimes,
  startPatienceMs,
  type WorkerTimes,
} from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { Live } from '../pool-config/config-watcher.js';
import { runScript } from '../redis/script-runner.js';

/** How firmly a pool's agents stay at home. */
export interface PullPolicy {
  /**
   * `soft`: an idle worker takes a waiting task once its patience is over. `strict`: never. `none`: at once. Defaults to
   * `soft`.
   */
  readonly affinity?: 'soft' | 'strict' | 'none';
  /** How long a lone task waits for its home, in ms. Defaults to `auto`: twice the cold cost, which the pool learns. */
  readonly spillAfter?: 'auto' | number;
  /** Moves to more than half-busy workers that each finished task pays for, 0 to 1. Defaults to 0.1. */
  readonly moveBudget?: number;
}

/** Whether two policies say the same. */
export function isSamePull(one: PullPolicy, other: PullPolicy): boolean {
  return (['affinity', 'spillAfter', 'moveBudget'] as const).every((name) => one[name] === other[name]);
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
  /** Tasks that had finished at the last look. */
  readonly finished: number;
}

const nothingLearned: Learned = { times: noServiceTimes, finished: 0 };

/** What the leader knows of its workers: how long their tasks took, and how many times slower than usual the stragglers are. */
export interface WorkerPaces {
  readonly times: readonly WorkerTimes[];
  readonly stragglers: ReadonlyMap<string, number>;
}

/** Learns a pool's cold cost from what its workers report and publishes patience and move budget for the scripts, while its dispatcher leads. */
export class PullTuner {
  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly tuning: Live<{ readonly pull: PullPolicy }>,
  ) {}

  /** Looks once, under a leader's term. */
  async tune(term: number, workers: WorkerPaces): Promise<void> {
    const { redis, keys } = this;
    const [known, totals, slots] = await Promise.all([
      redis.hmget(keys.of('pull'), 'learned', 'granted', 'spent'),
      redis.hmget(keys.of('totals'), 'completed', 'finishedFailed'),
      redis.hvals(keys.of('routable')),
    ]);
    const [learned, granted, spent] = known;
    const before = learned ? (JSON.parse(learned) as Learned) : nothingLearned;
    const finished = totals.reduce((sum, each) => sum + Number(each), 0);
    const times = latest(before.times, acrossWorkers(workers.times));
    const moves = earnMoves(
      Number(granted) - Number(spent),
      Math.max(0, finished - before.finished),
      slots.reduce((sum, each) => sum + Number(each), 0),
      this.tuning.current.pull.moveBudget ?? movesPerTask,
    );
    await this.publish(term, { times, finished }, Number(spent) + moves, workers.stragglers);
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
      softMs: this.softPatience(learned.times),
      coldCostMs: coldCostMs(learned.times) ?? '',
      granted,
      learned: JSON.stringify(learned),
    };
    const names = ['leader', 'pull'].map(this.keys.of);
    await runScript(this.redis, 'tune', names, [term, ...Object.entries(fields).flat()]);
  }

  private patience(times: ServiceTimes): number {
    const { affinity = 'soft' } = this.tuning.current.pull;
    if (affinity === 'strict') return -1;
    return affinity === 'none' ? 0 : this.softPatience(times);
  }

  /** How long a soft task waits, whatever the pool's affinity is. */
  private softPatience(times: ServiceTimes): number {
    const { spillAfter = 'auto' } = this.tuning.current.pull;
    return spillAfter === 'auto' ? Math.max(leastPatienceMs, Math.ceil(patienceMs(times))) : spillAfter;
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

/** What the workers tell, but for a pool whose workers have all come back a moment ago and have not met enough cold tasks. */
function latest(before: ServiceTimes, told: ServiceTimes): ServiceTimes {
  return told.cold.tasks >= Math.min(leastColdTasks, before.cold.tasks) ? told : before;
}

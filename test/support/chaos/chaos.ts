import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@shunt/workload';
import { type CheckResult, check } from '../checker/check.js';
import { Run } from '../harness/run.js';
import type { HistoryEvent } from '../history/events.js';
import { MortalRedis } from '../mortal-redis.js';
import { nemeses } from './nemeses.js';
import type { Site } from './nemesis.js';
import { plan, type Strike } from './plan.js';
import { Workload } from './workload.js';

/** A chaos run. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long faults are injected, in ms; 0 for each once. */
  readonly durationMs: number;
  readonly workers: number;
  readonly dispatchers: number;
  readonly agents: number;
  /** Least and greatest time between two faults, in ms. Defaults to 3 to 5 s. */
  readonly gapMs?: readonly [number, number];
  /** Part of the names of the nemeses to use. Defaults to all. */
  readonly only?: string;
  /** Where the built programs are. Defaults to `dist`. */
  readonly builtFolder?: string;
  /** Called with each strike as it begins, and with what went wrong with it. */
  readonly onStrike?: (strike: Strike, failure?: Error) => void;
  /** Called with the run once it is up. */
  readonly onStart?: (run: Run) => void;
}

/** What a chaos run showed. */
export interface ChaosResult {
  readonly history: readonly HistoryEvent[];
  readonly check: CheckResult;
  readonly strikes: readonly Strike[];
}

const leaseMs = 2000;
const timing = { heartbeat: '400ms', lease: `${leaseMs}ms` };
/** Two leases of a worker and its successor, an absence of Redis and of dispatchers, and a machine that is shared. */
const withinUs = 60_000_000;
/** A run that is this long has the faults that take a minute as well. */
const longMs = 300_000;
/** How long a fault that was lifted may still be the cause of a second run: a lease, a reconnection, a sweep. */
const faultReachUs = 8_000_000;
const sessionUs = 15 * 60_000_000;

const names = (letter: string, count: number) => Array.from({ length: count }, (_, nth) => `${letter}${nth + 1}`);

/** The schedule of a chaos run. */
export function strikesOf({ seed, durationMs, only = '', ...options }: ChaosOptions): Strike[] {
  const { gapMs = [3000, 5000] } = options;
  const workers = names('w', options.workers);
  const dispatchers = names('d', options.dispatchers);
  const chosen = nemeses.filter(({ name, isLong }) => name.includes(only) && (durationMs >= longMs || !isLong));
  return plan({ seed, durationMs, gapMs, leaseMs, workers, dispatchers, nemeses: chosen });
}

/** Runs a pool of real processes under load and under faults, then checks all that happened. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, agents, workers, dispatchers } = options;
  const strikes = strikesOf(options);
  // Back with all it acknowledged.
  const redis = new MortalRedis({ args: ['--appendfsync', 'always'] });
  await redis.up();
  try {
    const own = options.builtFolder === undefined ? {} : { builtFolder: options.builtFolder };
    const shape = { workers, dispatchers, slots: 4, timing, hasLines: true, hasEffects: true, ...own };
    const run = await Run.start({ redisUrl: redis.url, ...shape });
    options.onStart?.(run);
    const workload = new Workload(run, { seed, agents, workers, tasksPerSecond: 10 * workers });
    const site = {
      run,
      redis,
      leaseMs,
      random: seededRandom(seed + 1),
      workers: names('w', workers),
      dispatchers: names('d', dispatchers),
    };
    await torment(site, strikes, options.onStrike);
    await workload.stop();
    await run.untilSettled();
    const history = await run.finish();
    const boundUs = options.durationMs >= longMs ? 2 * withinUs : withinUs;
    return { history, strikes, check: check(history, { withinUs: boundUs, faultReachUs, sessionUs }) };
  } finally {
    await redis.end();
  }
}

/** Strikes by the schedule; each victim takes one strike after the other, however long a strike takes. */
async function torment(site: Site, strikes: readonly Strike[], onStrike: ChaosOptions['onStrike']): Promise<void> {
  const startedAtMs = performance.now();
  const turns = new Map<string, Promise<void>>();
  for (const strike of strikes) {
    await sleep(Math.max(0, startedAtMs + strike.atMs - performance.now()));
    const before = Promise.all(strike.struck.map((victim) => turns.get(victim)));
    const turn = before.then(() => inflict(site, strike, onStrike));
    for (const victim of strike.struck) turns.set(victim, turn);
  }
  await Promise.all(turns.values());
}

/** One strike: told before, and proved only when it was seen. A strike that fails makes the run unknown, not over. */
async function inflict(site: Site, strike: Strike, onStrike: ChaosOptions['onStrike']): Promise<void> {
  const { nemesis, victim } = strike;
  const struck = { victim, all: undefined, nothing: 'nobody' }[nemesis.excuses];
  const n = site.run.faultToProve({
    ...{ name: nemesis.name, detail: victim, isNetwork: nemesis.target === 'line' },
    ...(struck === undefined ? {} : { worker: struck }),
  });
  onStrike?.(strike);
  try {
    site.run.prove(n, await nemesis.strike(site, victim));
  } catch (error) {
    onStrike?.(strike, error as Error);
  }
}

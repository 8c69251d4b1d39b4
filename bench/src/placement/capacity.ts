import { poolKeys, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { waitMs } from '../scenarios/latency.js';
import { quantile } from '../stats.js';
import { shuntPool } from '../systems/shunt.js';
import type { SystemName } from '../systems/system.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { warmCold, warmColdInWords } from '../warm-cold-setting.js';
import { type Sustained, sustainedRate } from './sustained-rate.js';
import { type Served, WarmColdLoad } from './warm-cold-load.js';

/** The p99 wait up to which a rate is sustained: one cold start, or ten warm ones. */
const boundMs = warmCold.costs.coldMs;
const isBounded = ({ waitP99s }: Served, slower: number) => waitP99s.every((ms) => ms <= slower * boundMs);
const p99Of = ({ records }: Served) => quantile(records.map(waitMs), 0.99);
/** How long a wait is looked at as one, in s. */
const windowSeconds = 10;
/** Share of the hash's capacity at which Shunt and the hash are compared. */
export const comparedAt = 0.8;

/** Rates per second at which the search of the first round begins: about what two cores sustain. */
const expectedRates: Readonly<Record<SystemName, number>> = {
  'bullmq-shared': 325,
  'bullmq-hashed': 780,
  shunt: 1040,
};

/** What one round found of a system. */
type Found = Sustained<Served> & { readonly movesPer1000: number };

/** The rates that Shunt, a hashed and a shared queue sustain, and Shunt beside the hash below that. */
export const capacity: Trial = {
  name: 'capacity',
  about: `${warmColdInWords}; the highest offered rate at which the p99 wait is at most ${boundMs} ms in each ${windowSeconds} s of 60 s, found in windows of ${windowSeconds} s; then 60 s at ${comparedAt} of what the hash sustains`,
  isAlone: true,
  async run(run) {
    const rounds: Findings[] = [];
    for (let round = 1; round <= run.rounds; round++) {
      rounds.push(await measure(run, round, rounds.at(-1)?.rates));
      run.onRound(findingsOf(rounds));
    }
    return findingsOf(rounds);
  },
};

interface Findings {
  readonly rates: Readonly<Record<SystemName, Found>>;
  readonly hash: Served;
  /** A hash whose handlers take an agent's tasks in turn, by a lock. */
  readonly hashInTurn: Served;
  readonly shunt: Served;
}

async function measure(run: TrialRun, round: number, before: Findings['rates'] | undefined): Promise<Findings> {
  const search = (system: SystemName) =>
    sustainedBy(system, run, round, before?.[system].ratePerSecond ?? expectedRates[system] / run.slower);
  const hashed = await search('bullmq-hashed');
  const shunt = await search('shunt');
  const shared = await search('bullmq-shared');
  const ratePerSecond = comparedAt * hashed.ratePerSecond;
  return {
    rates: { 'bullmq-shared': shared, 'bullmq-hashed': hashed, shunt },
    hash: await servedBy('bullmq-hashed', ratePerSecond, run, round),
    hashInTurn: await servedBy('bullmq-hashed', ratePerSecond, run, round, true),
    shunt: await servedBy('shunt', ratePerSecond, run, round),
  };
}

async function sustainedBy(
  system: SystemName,
  { redis, redisUrl, size, slower }: TrialRun,
  round: number,
  expected: number,
): Promise<Found> {
  await redis.flushall();
  const load = await WarmColdLoad.start(system, { redisUrl, slower, seed: round }, size);
  const serve = (ratePerSecond: number, spans: number, spanSeconds: number) =>
    load.serve({
      ...{ ratePerSecond, spans, mostBacklogSeconds: 1 },
      ...{ settleSeconds: 4 * size, spanSeconds: spanSeconds * size },
    });
  let movedBefore = 0;
  const found = await sustainedRate(expected, {
    holds: async (rate) => isBounded(await serve(rate, 1, windowSeconds), slower),
    confirm: async (rate) => {
      movedBefore = await movesSoFar(redis);
      const served = await serve(rate, 6, windowSeconds);
      return isBounded(served, slower) ? served : null;
    },
  });
  const moved = (await movesSoFar(redis)) - movedBefore;
  await load.stop();
  return { ...found, movesPer1000: (1000 * moved) / found.served.records.length };
}

async function servedBy(
  system: SystemName,
  ratePerSecond: number,
  { redis, redisUrl, size, slower }: TrialRun,
  round: number,
  isInTurn = false,
): Promise<Served> {
  await redis.flushall();
  const load = await WarmColdLoad.start(system, { redisUrl, slower, seed: round, isInTurn }, size);
  const served = await load.serve({
    ratePerSecond,
    settleSeconds: 10 * size,
    spans: 6,
    spanSeconds: windowSeconds * size,
  });
  await load.stop();
  return served;
}

/** Agents that idle workers took from their homes. */
async function movesSoFar(redis: Redis): Promise<number> {
  return Number(await redis.hget(poolKeys(queueNameOf(shuntPool)).of('bound'), 'idle-pull'));
}

function findingsOf(rounds: readonly Findings[]): Finding[] {
  const told = (what: string, unit: Finding['unit'], of: (round: Findings) => number): Finding => {
    return { what, unit, values: rounds.map(of), judged: 'median', bar: null };
  };
  const of = (system: SystemName): Finding[] => [
    told(`sustained, ${system}`, '1/s', ({ rates }) => rates[system].ratePerSecond),
    told(`warm share there, ${system}`, '%', ({ rates }) => 100 * rates[system].served.warmShare),
  ];
  const shuntOver = (system: SystemName) => (round: Findings) =>
    round.rates.shunt.ratePerSecond / round.rates[system].ratePerSecond;
  const waitOver = (other: string, servedBy: (round: Findings) => Served): Finding => {
    const over = (round: Findings) => p99Of(round.shunt) / p99Of(servedBy(round));
    return { ...told(`p99 wait at ${comparedAt} of hashed, shunt over ${other}`, '', over), bar: 0.5 };
  };
  return [
    ...of('bullmq-shared'),
    ...of('bullmq-hashed'),
    ...of('shunt'),
    told('moves per 1,000 tasks there, shunt', '', ({ rates }) => rates.shunt.movesPer1000),
    { ...told('sustained, shunt over shared', '', shuntOver('bullmq-shared')), bar: 3, isFloor: true },
    { ...told('sustained, shunt over hashed', '', shuntOver('bullmq-hashed')), bar: 1.15, isFloor: true },
    told(`warm share at ${comparedAt} of hashed, hashed`, '%', ({ hash }) => 100 * hash.warmShare),
    told(`p99 wait at ${comparedAt} of hashed, hashed`, 'ms', ({ hash }) => p99Of(hash)),
    told(`p99 wait at ${comparedAt} of hashed, hashed with agents in turn`, 'ms', ({ hashInTurn }) =>
      p99Of(hashInTurn),
    ),
    told(`p99 wait at ${comparedAt} of hashed, shunt`, 'ms', ({ shunt }) => p99Of(shunt)),
    {
      ...told(
        `warm share at ${comparedAt} of hashed, shunt over hashed`,
        '',
        (round) => round.shunt.warmShare / round.hash.warmShare,
      ),
      ...{ bar: 0.95, isFloor: true },
    },
    waitOver('hashed', ({ hash }) => hash),
    waitOver('hashed with agents in turn', ({ hashInTurn }) => hashInTurn),
  ];
}

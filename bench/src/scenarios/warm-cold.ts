import { BenchFleet, type Record } from '../fleet.js';
import { mean, quantile } from '../stats.js';
import { agentsAt, warmCold, warmColdInWords } from '../warm-cold-setting.js';
import { offer, waitMs } from './latency.js';
import type { Measures, Round, Scenario } from './scenario.js';

const { workers, slots, costs } = warmCold;

async function serve(round: Round, ratePerSecond: number, seconds: number, isBounded: boolean): Promise<Record[]> {
  const { system, redisUrl, seed } = round;
  const options = { system: system.name, redisUrl, workers, slots, records: true, warmCold: costs };
  const fleet = await BenchFleet.start(options);
  const producer = system.producer(redisUrl, workers);
  const nextAgent = agentsAt(ratePerSecond, seed);
  const durationMs = seconds * 1000;
  const sent = await offer(producer, { ratePerSecond, durationMs, seed, nextAgent });
  if (isBounded) await fleet.untilRan(sent);
  const records = await fleet.records();
  await producer.close();
  await fleet.stop();
  return records;
}

/** Share of tasks that ran while another task of their agent ran. */
function overlapShare(records: readonly Record[]): number {
  const lastEnd = new Map<string, number>();
  const ordered = [...records].sort((a, b) => a[2] - b[2]);
  const overlapping = ordered.filter(([agent, , startedUs, endedUs]) => {
    const end = lastEnd.get(agent) ?? 0;
    lastEnd.set(agent, Math.max(end, endedUs));
    return startedUs < end;
  });
  return overlapping.length / records.length;
}

function measures(records: readonly Record[]): Measures {
  const waits = records.map(waitMs);
  const sojourns = records.map(([, enqueuedUs, , endedUs]) => (endedUs - enqueuedUs) / 1000);
  const of = (name: string, values: readonly number[]) => ({
    [`${name} mean`]: mean(values),
    [`${name} p50`]: quantile(values, 0.5),
    [`${name} p90`]: quantile(values, 0.9),
    [`${name} p99`]: quantile(values, 0.99),
  });
  return {
    ...of('wait', waits),
    ...of('sojourn', sojourns),
    'warm %': 100 * mean(records.map(([, , , , isWarm]) => isWarm)),
    'overlap %': 100 * overlapShare(records),
  };
}

const columns = Object.fromEntries(
  ['wait', 'sojourn'].flatMap((name) => ['mean', 'p50', 'p90', 'p99'].map((which) => [`${name} ${which}`, 'ms'])),
);

/** Waits and warm share at a rate that every system can serve. */
export function warmColdAt(ratePerSecond: number): Scenario {
  return {
    name: `warm/cold at ${ratePerSecond}/s`,
    about: `${warmColdInWords}; Poisson arrivals, open loop, 30 s, the first third left out`,
    columns: { ...columns, 'warm %': '%', 'overlap %': '%' },
    async run(round) {
      const records = await serve(round, ratePerSecond, 30 * round.size, true);
      const first = Math.min(...records.map(([, enqueuedUs]) => enqueuedUs));
      const warmUpUs = 10e6 * round.size;
      return measures(records.filter(([, enqueuedUs]) => enqueuedUs - first >= warmUpUs));
    },
  };
}

/** The rate at which tasks end when far more are offered than can be served. */
export const warmColdSustained: Scenario = {
  name: 'warm/cold, sustained',
  about: `${warmColdInWords}; offered 3000/s for 20 s, tasks that ended per second in the last 10 s`,
  columns: { 'tasks/s': '1/s', 'warm %': '%' },
  async run(round) {
    const seconds = 20 * round.size;
    const records = await serve(round, 3000, seconds, false);
    const last = Math.max(...records.map(([, , , endedUs]) => endedUs));
    const counted = records.filter(([, , , endedUs]) => endedUs > last - (seconds / 2) * 1e6);
    return {
      'tasks/s': counted.length / (seconds / 2),
      'warm %': 100 * mean(counted.map(([, , , , isWarm]) => isWarm)),
    };
  },
};

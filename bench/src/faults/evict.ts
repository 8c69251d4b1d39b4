import type { Finding } from '../trials/finding.js';
import type { Trial } from '../trials/trial.js';
import { bulkMs, type Eviction, evictOnce, liveAgents, ratePerSecond, spareSlots } from './eviction.js';

/** A worker with a long lane dies beside workers that go on. */
export const evicting: Trial = {
  name: 'evict',
  about: `a worker with 10,000 waiting agents killed beside 2 live workers x 50 slots at ${ratePerSecond} tasks/s of ${liveAgents} agents that do nothing; each of the 10,000 runs for ${bulkMs} ms on a third worker x ${spareSlots} slots, by its label: in the slots of the live ones it would have them wait as long as it runs`,
  isAlone: true,
  async run(run) {
    const rounds: Eviction[] = [];
    for (let round = 0; round < run.rounds; round++) {
      rounds.push(await evictOnce(run, round));
      run.onRound();
    }
    return findings(Math.round(10_000 * run.size), rounds);
  },
};

function findings(agents: number, rounds: readonly Eviction[]): Finding[] {
  const pickUp = (when: string, of: (round: Eviction) => readonly number[], bar: number | null): Finding => {
    return { what: `pick-up in other lanes ${when}`, unit: 'ms', values: rounds.flatMap(of), judged: 'p99', bar };
  };
  const most = (what: string, unit: Finding['unit'], of: (round: Eviction) => number, bar: number | null): Finding => {
    return { what, unit, values: rounds.map(of), judged: 'max', bar };
  };
  return [
    most(`Redis time to evict ${agents} agents`, 'ms', ({ redisMs }) => redisMs, 500),
    pickUp('just before', ({ before }) => before, null),
    pickUp('while evicted', ({ during }) => during, 50),
    pickUp('until all have run', ({ after }) => after, null),
    most('longest script call meanwhile', 'ms', ({ longestMs }) => longestMs, null),
    most('evicted tasks not in one list, or not run once', '', ({ misplaced }) => misplaced, 0),
  ];
}

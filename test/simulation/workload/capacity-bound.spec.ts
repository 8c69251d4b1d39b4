import { seededRandom, zipfSampler, zipfShares } from '@shunt/workload';
import { describe, expect, it } from 'vitest';
import { capacityBounds, type WarmColdFleet, warmOfPopular, warmOfRecent } from './capacity-bound.js';
import { unavoidableMisses } from './misses.js';

const zipf = { agents: 1024, capShare: 0.02 };
const room = 384;

/** Agents of many tasks, drawn independently. */
function drawn(): number[] {
  const draw = zipfSampler(zipf, seededRandom(1));
  return Array.from({ length: 200_000 }, draw);
}

/** Share of tasks that are warm on workers drawn by chance; `isAlone`: whether a state is gone once another worker has run its agent. */
function warmByChance(workers: number, isAlone: boolean): number {
  const random = seededRandom(2);
  const held = Array.from({ length: workers }, () => new Set<number>());
  const agents = drawn();
  let warm = 0;
  for (const [n, agent] of agents.entries()) {
    const states = held[Math.floor(random() * workers)] as Set<number>;
    if (states.delete(agent) && n >= agents.length / 5) warm++;
    if (isAlone) for (const others of held) others.delete(agent);
    states.add(agent);
    if (states.size > room / workers) states.delete(states.values().next().value as number);
  }
  return warm / (agents.length * 0.8);
}

describe('the share of tasks that are warm', () => {
  const shares = zipfShares(zipf);

  it('is that of a least recently used cache, within 0.5 points', () => {
    expect(Math.abs(warmOfRecent(shares, room) - (1 - unavoidableMisses(drawn(), room)))).toBeLessThan(0.005);
  });

  it('is that of a small cache for workers drawn by chance, within 0.5 points', () => {
    expect(Math.abs(warmOfRecent(shares, room / 8) - warmByChance(8, false))).toBeLessThan(0.005);
  });

  it('is the chance to meet the one state there is, where others make it worthless, within 0.5 points', () => {
    expect(Math.abs(warmOfRecent(shares, room) / 8 - warmByChance(8, true))).toBeLessThan(0.005);
  });

  it.each([1, 64, 384, 1023])('is highest with the most popular agents warm, in room for %i', (states) => {
    expect(warmOfPopular(shares, states)).toBeGreaterThan(warmOfRecent(shares, states));
  });

  it('is the room over the agents where all are as popular, and 1 with room for all', () => {
    const even = zipfShares({ agents: 100, exponent: 0 });
    for (const warmOf of [warmOfPopular, warmOfRecent]) {
      expect(warmOf(even, 25)).toBeCloseTo(0.25, 9);
      expect(warmOf(even, 100)).toBeCloseTo(1, 9);
    }
  });
});

describe('the rate at which all slots are busy', () => {
  const fleet: WarmColdFleet = {
    ...{ workers: 8, slots: 8, agents: 4096, slotShare: 0.3 },
    costs: { warmMs: 20, coldMs: 200, room: 192 },
  };

  it('is that of warm tasks with room for all, and of cold ones without any', () => {
    const withRoom = (states: number) => capacityBounds({ ...fleet, costs: { ...fleet.costs, room: states } });
    expect(withRoom(4096)).toMatchObject({ popular: expect.closeTo(3200, 6), shared: expect.closeTo(3200, 6) });
    expect(withRoom(0)).toMatchObject({ popular: expect.closeTo(320, 6), sharedAlone: expect.closeTo(320, 6) });
  });

  it('falls from what is popular over what is recent to what chance meets', () => {
    const { popular, recent, shared, sharedAlone } = capacityBounds(fleet);
    const falling = [popular, recent, shared, sharedAlone, 320];
    expect([...falling].sort((a, b) => b - a)).toEqual(falling);
  });
});

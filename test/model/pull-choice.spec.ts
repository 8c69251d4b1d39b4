import { choosePull, type PullChoice, type PullView, stealableAtMs } from '@shunt/balancing';
import { openPatientRedis } from '@shunt/lanes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ScriptedPool } from '../support/scripted-pool.js';

const seed = process.env.MODEL_SEED === undefined ? {} : { seed: Number(process.env.MODEL_SEED) };
const numRuns = Number(process.env.MODEL_RUNS ?? 150);

let redis: ReturnType<typeof openPatientRedis>;
beforeAll(() => {
  redis = openPatientRedis(inject('redisUrl'));
});
afterAll(() => redis.disconnect());

/** Far enough from now that the time a test takes does not matter. */
const farMs = 300_000;
const nowMs = Date.now();

/** None more often than not: else nobody looks at foreign tasks. */
const anyScore = fc.constantFrom(null, null, null, null, 1, 2, 3);

/** What a worker with a free slot sees. */
const anyView = fc
  .record({ slots: fc.integer({ min: 1, max: 9 }), share: fc.double({ min: 0, max: 0.999, noNaN: true }) })
  .chain(({ slots, share }) =>
    fc.record({
      nowMs: fc.constant(nowMs),
      running: fc.constant(Math.floor(share * slots)),
      slots: fc.constant(slots),
      isStraggler: fc.constantFrom(true, false, false),
      runsCold: fc.boolean(),
      laneScore: anyScore,
      yardScore: anyScore,
      foreignAtMs: fc.constantFrom(null, nowMs - farMs, nowMs - farMs, nowMs - farMs, nowMs + farMs),
      moves: fc.constantFrom(0, 0.5, 0.9, 1, 1.5, 8),
    }),
  );

/** A worker that only a foreign task is left to, its patience over. */
const atForeign = (running: number, slots: number, moves: number): [PullView] => [
  {
    ...{ nowMs, running, slots, moves, isStraggler: false, runsCold: false, laneScore: null, yardScore: null },
    foreignAtMs: nowMs - farMs,
  },
];
/** On both sides of half the slots, and of a whole move. */
const examples = [
  ...[atForeign(4, 8, 0), atForeign(5, 8, 0.9), atForeign(5, 8, 1)],
  ...[atForeign(2, 5, 0), atForeign(3, 5, 0), atForeign(3, 5, 1), atForeign(0, 1, 0)],
];

/** Brings a pool to where worker `w` sees this, and lets a slot of it pull. */
async function pullIn(view: PullView): Promise<PullChoice> {
  const pool = new ScriptedPool(redis);
  const { of, lane } = pool.keys;
  await pool.join('w', view.slots);
  await pool.join('other', 1);
  await pool.settleAgents('w', ['own']);
  await pool.settleAgents('other', ['foreign']);
  if (view.laneScore !== null) await pool.enqueue(['own~1']);
  if (view.yardScore !== null) await pool.enqueue(['new~1']);
  if (view.foreignAtMs !== null) await pool.enqueue(['foreign~1']);
  const given = redis.pipeline();
  given.zadd(lane('w', 'prioritized'), 'XX', view.laneScore ?? 0, 'own~1');
  given.zadd(of('yard'), 'XX', view.yardScore ?? 0, 'new~1');
  given.zadd(of('stealable'), 'XX', view.foreignAtMs ?? 0, 'other foreign~1');
  for (let slot = 0; slot < view.running; slot++) given.hset(lane('w', 'slots'), `busy ${slot}`, `busy~${slot}`);
  given.hset(of('pull'), { granted: view.moves, spent: 0 });
  await given.exec();
  // As `takes` of slots.ts has it.
  const takes = view.isStraggler ? (view.runsCold ? '3' : '4') : '1';
  const took = await pool.pull('w', 'free', takes);
  const spent = Number(await redis.hget(of('pull'), 'spent'));
  await pool.remove();
  if (took === 'foreign~1') return spent === 0 ? 'free-move' : 'paid-move';
  return took === 'own~1' ? 'lane' : took === 'new~1' ? 'yard' : 'none';
}

describe('pull.lua', () => {
  it('takes for a free slot what choosePull, which the simulator goes by, says', async () => {
    await fc.assert(
      fc.asyncProperty(anyView, async (view) => {
        expect(await pullIn(view), JSON.stringify(view)).toBe(choosePull(view));
      }),
      { numRuns, examples, ...seed },
    );
  }, 300_000);

  it('lends an agent to strangers when stealableAtMs says, as one task after the other waits, whether somebody is idle or not', async () => {
    const anyOffer = fc.record({
      patienceMs: fc.integer({ min: 1000, max: 60_000 }),
      tasks: fc.integer({ min: 1, max: 9 }),
      isAnyoneIdle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyOffer, async ({ patienceMs, tasks, isAnyoneIdle }) => {
        const pool = new ScriptedPool(redis);
        const { of } = pool.keys;
        await redis.hset(of('pull'), 'patienceMs', patienceMs);
        await pool.join('home', 1);
        await pool.join('idle', 1);
        if (isAnyoneIdle) await pool.pull('idle', 'slot 1');
        await pool.settleAgents('home', ['a']);
        for (let n = 1; n <= tasks; n++) await pool.enqueue([`a~${n}`]);
        const [atMs, sinceMs] = await Promise.all([
          redis.zscore(of('stealable'), 'home a~1'),
          redis.hget(of('agent:a'), 'since'),
        ]);
        await pool.remove();
        expect(Number(atMs)).toBeCloseTo(stealableAtMs(Number(sinceMs), patienceMs, tasks), 3);
      }),
      { numRuns: Math.ceil(numRuns / 5), ...seed },
    );
  }, 300_000);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it } from '../support/pool-test.js';

describe('a plain BullMQ producer', () => {
  it("has each agent's tasks run in order, one at a time, on one worker", async ({ pool }) => {
    const agents = 20;
    const each = 25;
    const done = new Countdown(agents * each);
    const ran = new Map<string, { n: number; worker: string }[]>();
    const running = new Set<string>();
    const overlaps: string[] = [];
    pool.dispatcher({ affinity: 'strict' });
    for (const workerId of ['w1', 'w2', 'w3']) {
      pool.worker(
        async (job, worker) => {
          const { agentId, n } = job.data;
          if (running.has(agentId)) overlaps.push(agentId);
          running.add(agentId);
          await sleep(Math.random() * 3);
          running.delete(agentId);
          ran.set(agentId, [...(ran.get(agentId) ?? []), { n, worker: worker.workerId }]);
          done.tick();
        },
        { workerId, concurrency: 4 },
      );
    }
    const queue = pool.queue();
    for (let n = 0; n < each; n++) {
      await queue.addBulk(
        Array.from({ length: agents }, (_, a) => ({ name: 'turn', data: { agentId: `agent ${a}`, n } })),
      );
    }
    await done.zero;
    expect(overlaps).toEqual([]);
    for (const turns of ran.values()) {
      expect(turns.map(({ n }) => n)).toEqual(Array.from({ length: each }, (_, n) => n));
      expect(new Set(turns.map(({ worker }) => worker)).size).toBe(1);
    }
    expect(pool.errors).toEqual([]);
  });

  it('has tasks without an agent run anywhere', async ({ pool }) => {
    const done = new Countdown(100);
    const both = new Signal();
    const workers = new Set<string>();
    pool.dispatcher();
    for (const workerId of ['w1', 'w2']) {
      pool.worker(
        async (_job, worker) => {
          workers.add(worker.workerId);
          if (workers.size === 2) both.resolve();
          // What one of them does may not be all before the other has joined.
          await both.seen;
          done.tick();
        },
        { workerId, concurrency: 2 },
      );
    }
    await pool.queue().addBulk(Array.from({ length: 100 }, (_, n) => ({ name: 'turn', data: { n } })));
    await done.zero;
    expect(workers).toEqual(new Set(['w1', 'w2']));
  });

  it('has a task with an unusable agentId failed with the reason', async ({ pool }) => {
    pool.dispatcher();
    const queue = pool.queue();
    const events = await pool.events();
    const job = await queue.add('turn', { agentId: 7 });
    await expect(job.waitUntilFinished(events, 60_000)).rejects.toThrow('agentId must be a string');
  });
});

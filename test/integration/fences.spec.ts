import { describe, expect } from 'vitest';
import { it } from '../support/pool-test.js';

describe('the fence of an agent', () => {
  it('stays while its hands are the same, and grows with another life of the same worker id', async ({ pool }) => {
    pool.dispatcher();
    const events = await pool.events();
    const queue = pool.queue();
    const fences: number[] = [];
    const run = async () => {
      const job = await queue.add('turn', { agentId: 'a' });
      fences.push(await job.waitUntilFinished(events, 60_000));
    };
    const serve = () => pool.worker(async (job, worker) => worker.agentOf(job.id ?? '')?.fence, { workerId: 'w' });
    const first = serve();
    for (let n = 0; n < 2; n++) await run();
    await first.close();
    serve();
    await run();
    const [one, two, three] = fences as [number, number, number];
    expect(two).toBe(one);
    expect(three).toBeGreaterThan(two);
    expect(Number.isSafeInteger(three)).toBe(true);
  });

  it('grows although Redis came back with an older counter, or with none', async ({ pool }) => {
    pool.dispatcher();
    const events = await pool.events();
    const queue = pool.queue();
    pool.worker(async (job, worker) => worker.agentOf(job.id ?? '')?.fence, { concurrency: 4 });
    const fenceOf = async (agentId: string): Promise<number> => {
      const job = await queue.add('turn', { agentId });
      return job.waitUntilFinished(events, 60_000);
    };
    const before = await fenceOf('a');
    await pool.redis.set(pool.keys.of('fence'), '5');
    const between = await fenceOf('b');
    await pool.redis.del(pool.keys.of('fence'));
    const after = await fenceOf('c');
    expect(between).toBeGreaterThan(before);
    expect(after).toBeGreaterThan(between);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { poolStats, stateOf } from '@shunt/lanes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Countdown, Signal, TestPool } from '../support/pool.js';

let pool: TestPool;
beforeEach(() => {
  pool = new TestPool();
});
afterEach(async () => {
  await pool.close();
});

describe('a plain BullMQ producer', () => {
  it("has each agent's tasks run in order, one at a time, on one worker", async () => {
    const agents = 20;
    const each = 25;
    const done = new Countdown(agents * each);
    const ran = new Map<string, { n: number; worker: string }[]>();
    const running = new Set<string>();
    const overlaps: string[] = [];
    pool.dispatcher();
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

  it('has tasks without an agent run anywhere', async () => {
    const done = new Countdown(100);
    const workers = new Set<string>();
    pool.dispatcher();
    for (const workerId of ['w1', 'w2']) {
      pool.worker(
        async (_job, worker) => {
          workers.add(worker.workerId);
          await sleep(2);
          done.tick();
        },
        { workerId, concurrency: 2 },
      );
    }
    await pool.queue().addBulk(Array.from({ length: 100 }, (_, n) => ({ name: 'turn', data: { n } })));
    await done.zero;
    expect(workers).toEqual(new Set(['w1', 'w2']));
  });

  it('has a task with an unusable agentId failed with the reason', async () => {
    pool.dispatcher();
    const queue = pool.queue();
    const events = await pool.events();
    const job = await queue.add('turn', { agentId: 7 });
    await expect(job.waitUntilFinished(events, 5000)).rejects.toThrow('agentId must be a string');
  });
});

describe('a failing task', () => {
  it('holds its agent until its backoff ends, then goes first to its home', async () => {
    const done = new Countdown(3);
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(
      async (job, worker) => {
        ran.push(`${job.name}:${job.attemptsMade}:${worker.agentOf(job.id ?? '')?.home}`);
        if (job.name === 'first' && job.attemptsMade < 2) throw new Error('not yet');
        done.tick();
      },
      { concurrency: 4 },
    );
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' }, { attempts: 3, backoff: 30 });
    await queue.add('second', { agentId: 'a' });
    await queue.add('third', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0:cold', 'first:1:warm', 'first:2:warm', 'second:0:warm', 'third:0:warm']);
  });

  it('without a backoff is retried at once, before the rest of its agent', async () => {
    const done = new Countdown(2);
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(`${job.name}:${job.attemptsMade}`);
      if (job.name === 'first' && job.attemptsMade === 0) throw new Error('not yet');
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' }, { attempts: 2 });
    await queue.add('second', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0', 'first:1', 'second:0']);
  });

  it('lets its agent go on once its attempts are used up', async () => {
    const done = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'bad') throw new Error('never');
      done.resolve();
    });
    const queue = pool.queue();
    const bad = await queue.add('bad', { agentId: 'a' }, { attempts: 2, backoff: 5 });
    await queue.add('good', { agentId: 'a' });
    await done.seen;
    expect(await bad.getState()).toBe('failed');
    expect((await queue.getJob(bad.id ?? ''))?.failedReason).toBe('never');
  });
});

describe('options of BullMQ', () => {
  it('delays a task without holding its agent', async () => {
    const done = new Countdown(2);
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.name);
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('later', { agentId: 'a' }, { delay: 60 });
    await queue.add('now', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['now', 'later']);
  });

  it('orders the current tasks of a lane by priority and keeps the order within an agent', async () => {
    const done = new Countdown(5);
    const ran: string[] = [];
    const opened = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'gate') await opened.seen;
      else ran.push(job.name);
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('gate', { agentId: 'g' });
    await queue.add('low', { agentId: 'a' }, { priority: 10 });
    await queue.add('after low', { agentId: 'a' }, { priority: 1 });
    await queue.add('high', { agentId: 'b' }, { priority: 2 });
    await queue.add('none', { agentId: 'c' });
    for (;;) {
      const { tasks } = await poolStats(pool.redis, pool.keys);
      if (tasks.intake === 0 && tasks.running === 1) break;
    }
    opened.resolve();
    await done.zero;
    expect(ran).toEqual(['none', 'high', 'low', 'after low']);
  });

  it('deduplicates, reports progress and logs, and keeps what it is told to keep', async () => {
    pool.dispatcher();
    pool.worker(async (job) => {
      await job.updateProgress(50);
      await job.log('half way');
      return { done: true };
    });
    const queue = pool.queue();
    const events = await pool.events();
    const progressed = new Signal<unknown>();
    events.on('progress', ({ data }) => progressed.resolve(data));
    const first = await queue.add('turn', { agentId: 'a' }, { deduplication: { id: 'k', ttl: 60_000 } });
    const second = await queue.add('turn', { agentId: 'a' }, { deduplication: { id: 'k', ttl: 60_000 } });
    expect(second.id).toBe(first.id);
    expect(await first.waitUntilFinished(events, 5000)).toEqual({ done: true });
    expect(await progressed.seen).toBe(50);
    expect((await queue.getJobLogs(first.id ?? '')).logs).toEqual(['half way']);
    const gone = await queue.add('turn', { agentId: 'a' }, { removeOnComplete: true });
    await gone.waitUntilFinished(events, 5000);
    expect(await queue.getJob(gone.id ?? '')).toBeUndefined();
    for (let n = 0; n < 5; n++) {
      const job = await queue.add('turn', { agentId: 'a', n }, { removeOnComplete: { count: 2 } });
      await job.waitUntilFinished(events, 5000);
    }
    expect((await queue.getCompleted()).length).toBe(2);
  });

  it('runs job schedulers through the intake, with the agent held to its home', async () => {
    const done = new Countdown(3);
    const homes = new Set<string | undefined>();
    pool.dispatcher();
    for (const workerId of ['w1', 'w2']) {
      pool.worker(
        async (_job, worker) => {
          homes.add(worker.workerId);
          done.tick();
        },
        { workerId },
      );
    }
    const queue = pool.queue();
    await queue.upsertJobScheduler('s', { every: 40 }, { name: 'tick', data: { agentId: 'a' } });
    await done.zero;
    await queue.removeJobScheduler('s');
    expect(homes.size).toBe(1);
  });

  it('runs children before their parent, also of the same agent', async () => {
    const { FlowProducer } = await import('bullmq');
    const ran: string[] = [];
    const done = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.name);
      if (job.name === 'parent') done.resolve();
      return job.name;
    });
    const flows = new FlowProducer({ prefix: 'shunt', connection: { url: pool.url } as never });
    const data = { agentId: 'a' };
    const child = (name: string) => ({ name, queueName: pool.queueName, data });
    const tree = { name: 'parent', queueName: pool.queueName, data, children: [child('one'), child('two')] };
    const { job } = await flows.add(tree);
    await done.seen;
    expect(ran.at(-1)).toBe('parent');
    expect(Object.values(await job.getChildrenValues()).sort()).toEqual(['one', 'two']);
    await flows.close();
  });
});

describe('workers', () => {
  it('that stop give their waiting tasks to others, and the agent moves with a higher fence', async () => {
    const fences: number[] = [];
    const started = new Signal();
    const opened = new Signal();
    const done = new Countdown(3);
    const handler =
      (name: string) =>
      async (job: { id?: string }, worker: { agentOf(id: string): { fence: number } | undefined }) => {
        fences.push(worker.agentOf(job.id ?? '')?.fence ?? -1);
        if (name === 'w1') {
          started.resolve();
          await opened.seen;
        }
        done.tick();
      };
    pool.dispatcher();
    const first = pool.worker(handler('w1') as never, { workerId: 'w1' });
    const queue = pool.queue();
    for (let n = 0; n < 3; n++) await queue.add('turn', { agentId: 'a', n });
    await started.seen;
    pool.worker(handler('w2') as never, { workerId: 'w2' });
    const closed = first.close();
    opened.resolve();
    await closed;
    await done.zero;
    expect(fences[1]).toBeGreaterThan(fences[0] as number);
    expect(fences[2]).toBe(fences[1]);
    const [journal] = (await pool.redis.xrevrange(pool.keys.of('journal'), '+', '-', 'COUNT', 1)) as [
      string,
      string[],
    ][];
    expect(journal?.[1]).toEqual(expect.arrayContaining(['moved', 'draining', 'w1', 'w2']));
  });

  it('that stop beating are no longer placed on', async () => {
    const dispatcher = pool.dispatcher({ lease: 2000 });
    const dead = pool.worker(async () => undefined, { workerId: 'dead', lease: 300, heartbeat: 600_000 });
    await dead.waitUntilReady();
    while ((await pool.redis.hexists(pool.keys.of('routable'), 'dead')) === 0) await sleep(5);
    while ((await pool.redis.hexists(pool.keys.of('routable'), 'dead')) === 1) await sleep(20);
    expect(dispatcher.leadership.workersLost).toBe(1);
    const job = await pool.queue().add('turn', { agentId: 'a' });
    while ((await stateOf(pool.redis, pool.keys, job.id ?? '')).state !== 'yard') await sleep(5);
  });

  it('do not run a task twice when one id is started again', async () => {
    const started = new Signal();
    const opened = new Signal();
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(
      async () => {
        ran.push('first life');
        started.resolve();
        await opened.seen;
      },
      { workerId: 'w' },
    );
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await started.seen;
    const again = new Signal();
    pool.worker(
      async () => {
        ran.push('second life');
        again.resolve();
      },
      { workerId: 'w' },
    );
    await again.seen;
    opened.resolve();
    while ((await job.getState()) !== 'completed') await sleep(5);
    expect(ran).toEqual(['first life', 'second life']);
    expect(pool.errors.map(String).join()).toMatch(/started again|lock/i);
  });
});

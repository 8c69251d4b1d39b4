import { FlowProducer, type Job, Queue, WaitingChildrenError, Worker } from 'bullmq';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it as base, until } from '../support/pool-test.js';

const it = base.extend<{ flows: FlowProducer }>({
  flows: async ({ pool }, use) => {
    const flows = new FlowProducer({ prefix: 'shunt', connection: { url: pool.url } as never });
    await use(flows);
    await flows.close();
  },
});

/** A task of a flow of the pool. */
function node(pool: TestPool, name: string, agentId: string, opts: object = {}, children: object[] = []) {
  return { name, queueName: pool.queueName, data: { agentId }, opts, children: children as never[] };
}

/** A worker that fails tasks named `bad`, and the names of what it ran. */
function namesRun(pool: TestPool): string[] {
  const ran: string[] = [];
  pool.dispatcher();
  pool.worker(
    async (job) => {
      ran.push(job.name);
      if (job.name === 'bad') throw new Error('bad child');
      return job.name;
    },
    { concurrency: 2 },
  );
  return ran;
}

describe('a flow', () => {
  for (const [which, agents] of [
    ['the same agent', ['a', 'a', 'a']],
    ['different agents', ['a', 'b', 'c']],
  ] as const) {
    it(`of ${which} runs grandchildren before children before the parent`, async ({ pool, flows }) => {
      const ran = namesRun(pool);
      const events = await pool.events();
      const grandchild = node(pool, 'grandchild', agents[2]);
      const children = [node(pool, 'one', agents[1], {}, [grandchild]), node(pool, 'two', agents[1])];
      const { job } = await flows.add(node(pool, 'parent', agents[0], {}, children));
      expect(await job.waitUntilFinished(events, 60_000)).toBe('parent');
      expect(ran.at(-1)).toBe('parent');
      expect(ran.indexOf('grandchild')).toBeLessThan(ran.indexOf('one'));
      expect(Object.values(await job.getChildrenValues()).sort()).toEqual(['one', 'two']);
    });
  }

  for (const [option, parent, state] of [
    ['failParentOnFailure', [], 'failed'],
    ['ignoreDependencyOnFailure', ['parent'], 'completed'],
    ['removeDependencyOnFailure', ['parent'], 'completed'],
    ['continueParentOnFailure', ['parent'], 'completed'],
  ] as const) {
    it(`whose child fails ends as ${option} says, and every agent goes on`, async ({ pool, flows }) => {
      const ran = namesRun(pool);
      const queue = pool.queue();
      const events = await pool.events();
      const { job } = await flows.add(node(pool, 'parent', 'a', {}, [node(pool, 'bad', 'b', { [option]: true })]));
      await job.waitUntilFinished(events, 60_000).catch(() => undefined);
      expect(await job.getState()).toBe(state);
      expect(ran).toEqual(['bad', ...parent]);
      const nexts = await queue.addBulk(['a', 'b'].map((agentId) => ({ name: 'next', data: { agentId } })));
      for (const next of nexts) await next.waitUntilFinished(events, 60_000);
    });
  }

  it('whose child fails without an option leaves the parent waiting and its agent free', async ({ pool, flows }) => {
    namesRun(pool);
    const queue = pool.queue();
    const events = await pool.events();
    const { job, children } = await flows.add(node(pool, 'parent', 'a', {}, [node(pool, 'bad', 'a')]));
    await children?.[0]?.job.waitUntilFinished(events, 60_000).catch(() => undefined);
    const next = await queue.add('next', { agentId: 'a' });
    await next.waitUntilFinished(events, 60_000);
    expect(await job.getState()).toBe('waiting-children');
  });
});

describe('a handler that adds children', () => {
  it('of its own agent waits for them, while its agent goes on', async ({ pool }) => {
    const ran: string[] = [];
    const nextIsAdded = new Signal();
    const queue = pool.queue();
    const events = await pool.events();
    pool.dispatcher();
    pool.worker(async (job: Job) => {
      ran.push(`${job.name}:${job.attemptsStarted}`);
      if (job.name !== 'parent' || job.attemptsStarted > 1) return Object.values(await job.getChildrenValues());
      await nextIsAdded.seen;
      const parent = { id: job.id ?? '', queue: job.queueQualifiedName };
      await queue.addBulk(['one', 'two'].map((name) => ({ name, data: { agentId: 'a' }, opts: { parent } })));
      if (await job.moveToWaitingChildren(job.token ?? '')) throw new WaitingChildrenError();
      return undefined;
    });
    const parent = await queue.add('parent', { agentId: 'a' });
    const next = await queue.add('next', { agentId: 'a' });
    nextIsAdded.resolve();
    expect(await parent.waitUntilFinished(events, 60_000)).toEqual([[], []]);
    await next.waitUntilFinished(events, 60_000);
    expect(ran).toEqual(['parent:1', 'next:1', 'one:1', 'two:1', 'parent:2']);
  });
});

describe('a flow over a plain queue under another hash tag', () => {
  it('has its children run there and its parent here, or the other way round', async ({ pool, flows }) => {
    const opts = { prefix: 'shunt', connection: { url: pool.url } as never };
    const other = `{${pool.pool}-other}`;
    const ranThere: string[] = [];
    const there = new Worker(other, async (job) => ranThere.push(job.name), opts);
    const otherQueue = new Queue(other, opts);
    const ran = namesRun(pool);
    const events = await pool.events();
    const child = { name: 'child', queueName: other };
    const { job } = await flows.add(node(pool, 'parent', 'a', {}, [child]));
    await job.waitUntilFinished(events, 60_000);
    const finished = new Signal();
    there.on('completed', ({ name }) => name === 'top' && finished.resolve());
    await flows.add({ name: 'top', queueName: other, children: [node(pool, 'below', 'a')] });
    await finished.seen;
    const next = await pool.queue().add('next', { agentId: 'a' });
    await next.waitUntilFinished(events, 60_000);
    expect([ran, ranThere]).toEqual([
      ['parent', 'below', 'next'],
      ['child', 'top'],
    ]);
    await until(async () => (await otherQueue.getCompletedCount()) === 2);
    await Promise.all([there.close(), otherQueue.close()]);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { Signal, TestPool } from '../support/pool.js';

let pool: TestPool;
beforeEach(() => {
  pool = new TestPool();
});
afterEach(async () => {
  await pool.close();
});

it('an agent with a long mailbox does not hold up the others of its home', async () => {
  const ran: string[] = [];
  const warmed = new Signal();
  const opened = new Signal();
  const done = new Signal();
  pool.dispatcher();
  pool.worker(async (job) => {
    ran.push(job.name);
    if (job.name === 'warm') warmed.resolve();
    if (job.name === 'gate') await opened.seen;
    if (job.name === 'small') done.resolve();
  });
  const client = pool.client();
  await client.enqueue('warm', null, { agentId: 'small' });
  await warmed.seen;
  await client.enqueue('gate', null, { agentId: 'big' });
  await client.enqueueMany(
    Array.from({ length: 500 }, () => ({ task: 'big', input: null, options: { agentId: 'big' } })),
  );
  await client.enqueue('small', null, { agentId: 'small' });
  opened.resolve();
  await done.seen;
  expect(ran.indexOf('small')).toBeLessThan(40);
});

it('agents whose tasks came among those of others keep their place, however many wait', async () => {
  const agents = Array.from({ length: 20 }, (_, n) => `a${n}`);
  const tasks = Array.from({ length: 40 }, (_, round) =>
    agents.map((agentId) => ({ agentId, name: `${round} ${agentId}` })),
  );
  const ran: string[] = [];
  const opened = new Signal();
  const done = new Signal();
  pool.dispatcher();
  pool.worker(async (job) => {
    if (job.name === 'gate') {
      await opened.seen;
      return;
    }
    ran.push(job.name);
    if (ran.length === tasks.flat().length) done.resolve();
  });
  const client = pool.client();
  await client.enqueue('gate', null, { agentId: 'gate' });
  await client.enqueueMany(
    tasks.flat().map(({ agentId, name }) => ({ task: name, input: null, options: { agentId } })),
  );
  opened.resolve();
  await done.seen;
  expect(ran).toEqual(tasks.flat().map(({ name }) => name));
});

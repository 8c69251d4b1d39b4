import { stateOf } from '@shunt/lanes';
import { expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

it('a drained queue lets the agent of a task in its backoff go on', async ({ pool }) => {
  const ran: string[] = [];
  pool.dispatcher();
  pool.worker(async (job) => {
    ran.push(job.name);
    if (job.name === 'bad') throw new Error('not yet');
  });
  const queue = pool.queue();
  const events = await pool.events();
  const stateIs = async (id: string, state: string) => (await stateOf(pool.redis, pool.keys, id)).state === state;
  const bad = await queue.add('bad', { agentId: 'a' }, { attempts: 2, backoff: 600_000 });
  await until(() => stateIs(bad.id ?? '', 'delayed'));
  const next = await queue.add('next', { agentId: 'a' });
  await until(() => stateIs(next.id ?? '', 'mailbox'));
  await queue.drain(true);
  await next.waitUntilFinished(events, 60_000);
  expect(ran).toEqual(['bad', 'next']);
});

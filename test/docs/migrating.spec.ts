import * as sdk from '@shunt/sdk';
import { LaneWorker } from '@shunt/sdk';
import * as bullmq from 'bullmq';
import { type Job, Queue } from 'bullmq';
import { expect, inject } from 'vitest';
import { it, until } from '../support/pool-test.js';
import { runCode, runnable } from './snippets.js';

const [workers, add, producer, schedulers, client, back] = runnable('docs/migrating.md', 'ts');

it('goes from a queue to a pool and back as the guide says', async ({ pool }) => {
  const name = pool.pool;
  const named = <T extends { text: string } | undefined>(snippet: T) => {
    if (!snippet) throw new Error('a snippet of docs/migrating.md is gone');
    return { ...snippet, text: snippet.text.replaceAll('plans', name) };
  };
  const connection = { url: inject('redisUrl') };
  const closers: { close(): unknown }[] = [];
  const ran: string[] = [];
  const plan = async (job: Job) => {
    ran.push(`${job.queueName} ${job.data.goal}`);
    return job.data.goal;
  };
  const scope = { ...sdk, Worker: bullmq.Worker, Queue, plan, connection, redis: connection.url };
  const run = async (snippet: Parameters<typeof runCode>[0], more: object, ...names: string[]) => {
    const told = await runCode(snippet, { ...scope, ...more }, names);
    closers.push(
      ...(Object.values(told).filter(
        (value) => value !== null && typeof value === 'object' && 'close' in value,
      ) as never[]),
    );
    return told;
  };

  pool.dispatcher();
  const { old, lanes } = await run(named(workers), {}, 'old', 'lanes');
  expect([old, lanes]).toEqual([expect.any(bullmq.Worker), expect.any(LaneWorker)]);
  const oldQueue = new Queue(name, { connection });
  closers.push(oldQueue);
  await run(named(add), { queue: oldQueue });
  await until(() => ran.includes(`${name} tidy up`));

  await oldQueue.upsertJobScheduler('daily', { every: 3_600_000 }, { data: { agentId: 'a-42', goal: 'daily' } });
  await until(() => ran.includes(`${name} daily`));
  const { queue } = await run(named(producer), {}, 'queue');
  await run(named(add), { queue });
  await until(() => ran.includes(`{${name}} tidy up`));

  const counts = await run(named(schedulers), {}, 'before', 'after', 'waiting', 'active', 'delayed', 'prioritized');
  expect(await (counts.before as Queue).getJobSchedulersCount()).toBe(0);
  expect(await (counts.after as Queue).getJobSchedulers()).toMatchObject([{ key: 'daily', every: 3_600_000 }]);
  expect([counts.waiting, counts.active, counts.delayed, counts.prioritized]).toEqual([0, 0, 0, 0]);
  await until(() => ran.includes(`{${name}} daily`));
  await (counts.after as Queue).removeJobScheduler('daily');

  expect(await run(named(client), {}, 'shunt', 'result')).toMatchObject({ result: 'tidy up' });
  expect(ran.filter((line) => line === `{${name}} tidy up`)).toHaveLength(2);

  await (queue as Queue).add('plan', { agentId: 'b', goal: 'later' }, { delay: 600_000 });
  await until(async () => (await pool.redis.zcard(pool.keys.of('delayed'))) === 1);
  await run(named(back), {}, 'shunt', 'before', 'after');
  expect(await pool.redis.zcard(pool.keys.of('delayed'))).toBe(0);
  await until(() => ran.includes(`${name} later`));

  for (const one of closers) await one.close();
  await oldQueue.obliterate({ force: true }).catch(() => undefined);
});

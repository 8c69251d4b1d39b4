import { expect, inject, it } from 'vitest';
import { Run } from '../support/harness/run.js';

/** Workers that a task may bring down before it is poison. */
const victims = ['w1', 'w2', 'w3', 'w4'];

it('a task that kills every process that runs it fails unrun after the fourth, and its agent goes on', async () => {
  const timing = { heartbeat: '100ms', lease: '2s' };
  const run = await Run.start({ redisUrl: inject('redisUrl'), workers: 0, slots: 1, timing });
  const turn = { agentId: 'a', costMs: 0, failures: 0, isPlain: false };
  for (const [n, worker] of victims.entries()) {
    await run.startWorker(worker);
    const ended = run.processes.awaitEnd(worker);
    run.processes.tell(worker, { dieAt: 'pick-up' });
    if (n === 0) await run.submit({ ...turn, n: 0 });
    expect(await ended).toBe('SIGKILL');
  }
  await run.submit({ ...turn, n: 1 });
  await run.startWorker('w5');
  await run.untilSettled();
  const [poisoned = '', ...others] = await run.redis.zrange(run.keys.of('failed'), '0', '-1');
  expect(others).toEqual([]);
  expect(await run.redis.hmget(run.keys.of(poisoned), 'failedReason', 'stc', 'atm')).toEqual([
    `poison: 4 workers died while they ran it: ${victims.join(', ')}`,
    '4',
    '1',
  ]);
  expect(await run.redis.zcard(run.keys.of('completed'))).toBe(1);
  const starts = (await run.finish()).flatMap((event) => (event.e === 'start' ? [event.worker] : []));
  expect(starts).toEqual(['w5']);
});

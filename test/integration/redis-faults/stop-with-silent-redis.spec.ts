import { openPatientRedis } from '@shunt/lanes';
import { expect, it, onTestFinished, vi } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { SdkPool } from '../sdk/sdk-pool.js';

/** A pool on a Redis of its own, and what is printed of errors that nobody listens to. */
async function silenced() {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => printed.mockRestore());
  return { redis, pool, printed };
}

/** A handler that ends when it is told to, whatever its signal says. */
function stubborn() {
  const [begun, gate] = [new Signal(), new Signal()];
  const turn = async () => {
    begun.resolve();
    await gate.seen;
  };
  return { turn, begun, gate };
}

it.each([
  ['idle', false],
  ['that a handler holds up', true],
])('a worker %s that is closed by force tells nothing of a Redis that hangs', async (_, isBusy) => {
  const { redis, pool, printed } = await silenced();
  const { turn, begun, gate } = stubborn();
  const worker = pool.serve({ turn }, { slots: 2, lease: '1h', shutdown: { grace: 10, abort: 10 } });
  await until(async () => (await pool.redis.hexists(pool.keys.of('load'), worker.id)) === 1);
  if (isBusy) {
    const dispatcher = pool.dispatcher();
    await pool.client().enqueue('turn', 1, { agentId: 'a' });
    await begun.seen;
    await dispatcher.stop();
  }
  const witness = openPatientRedis(redis.url);
  await witness.ping();
  redis.running.kill('SIGSTOP');
  expect(await worker.close()).toBe('forced');
  // Its own answer is due after all that the worker waited for.
  const isSilent = new Promise<Error>((resolve) => witness.once('error', resolve));
  witness.ping().catch(() => undefined);
  expect((await isSilent).message).toMatch(/^Socket timeout/);
  witness.disconnect();
  expect(pool.errors).toEqual([]);
  expect(printed).not.toHaveBeenCalled();
  gate.resolve();
  redis.running.kill('SIGCONT');
});

it('a worker that is closed by force while it closes lets go of Redis, and both closes end', async () => {
  const redis = new RedisOfTest();
  await redis.up();
  const proxy = await FaultProxy.open(redis.url);
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const dispatcher = pool.dispatcher();
  const { turn, begun, gate } = stubborn();
  const worker = pool.idleWorker({ turn }, { redis: proxy.url, slots: 2, lease: '1h' });
  const ran = worker.run();
  const client = pool.client();
  await client.enqueue('turn', 1, { agentId: 'a' });
  await begun.seen;
  client.close();
  await dispatcher.stop();
  proxy.become({ requests: { isHeld: true } });
  const closing = worker.lane.close();
  await worker.lane.close(true);
  await closing;
  gate.resolve();
  await ran;
  proxy.become({});
  const others = async () =>
    String(await pool.redis.client('LIST'))
      .trim()
      .split('\n').length - 1;
  await until(async () => (await others()) === 0);
  expect(pool.errors).toEqual([]);
  await proxy.close();
});

it.each([
  ['registers', '_join'],
  ['looks for its configuration', ':config'],
])('a worker whose Redis goes while it %s ends its run when it is closed', async (_, asked) => {
  const { redis, pool } = await silenced();
  const proxy = await FaultProxy.open(redis.url);
  const isAsked = new Signal();
  const isHeldFrom = (chunk: Buffer) => {
    if (!chunk.includes(`${asked}\r\n`)) return false;
    isAsked.resolve();
    return true;
  };
  proxy.become({ requests: { isHeldFrom } });
  const worker = pool.idleWorker({ turn: () => 1 }, { redis: proxy.url });
  const ran = worker.run();
  await isAsked.seen;
  await proxy.close();
  await until(() => pool.errors.length > 0);
  expect(await worker.close()).toBe('clean');
  await ran;
});

import { openRedis } from '@shunt/lanes';
import { isShuntError, type Shunt, type TaskHandle } from '@shunt/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { holding } from '../../support/holding.js';
import { until } from '../../support/pool-test.js';
import { SentinelFleet } from '../../support/sentinels.js';
import { SdkPool } from '../sdk/sdk-pool.js';

const agents = ['a', 'b', 'c', 'd', 'e', 'f'];
const perAgent = 40;

interface Start {
  readonly agent: string;
  readonly n: number;
  readonly fence: number;
}

/** A pool behind Sentinels with two workers that write down what they start. */
async function watchedPool() {
  const fleet = await SentinelFleet.start();
  onTestFinished(() => fleet.end());
  const pool = new SdkPool(fleet.url);
  pool.redis.on('error', () => undefined);
  onTestFinished(() => pool.close());
  const starts: Start[] = [];
  const turn = async (n: number, { agent }: { agent: { id: string; fence: number | string } | null }) => {
    starts.push({ agent: agent?.id ?? '', n, fence: Number(agent?.fence) });
    await new Promise((resolve) => setImmediate(resolve));
    return n;
  };
  pool.dispatcher();
  for (const id of ['w1', 'w2']) pool.serve({ turn } as never, { id, slots: 4 });
  return { fleet, pool, starts, client: pool.client({ timeout: '1s' }) };
}

/** Enqueues an agent's tasks in order, each until it is acknowledged. */
async function enqueueAll(client: Shunt, agent: string, from: number, refusals: string[]): Promise<TaskHandle[]> {
  const handles: TaskHandle[] = [];
  while (handles.length < perAgent) {
    const n = from + handles.length;
    try {
      handles.push(await client.enqueue('turn', n, { agentId: agent, id: `${n}` }));
    } catch (error) {
      if (!isShuntError(error)) throw error;
      refusals.push(error.code);
    }
  }
  return handles;
}

/** The first start of each of an agent's tasks, in the order they happened. */
function firstStarts(starts: readonly Start[], agent: string): number[] {
  return [...new Set(starts.filter((start) => start.agent === agent).map(({ n }) => n))];
}

it.each([
  ['is killed', 'SIGKILL'],
  ['hangs', 'SIGSTOP'],
] as const)('nothing that was replicated is lost or out of order when the master %s', async (_, signal) => {
  const { fleet, starts, client } = await watchedPool();
  const refusals: string[] = [];
  const before = await Promise.all(agents.map((agent) => enqueueAll(client, agent, 0, refusals)));
  await fleet.replicated();
  expect(refusals).toEqual([]);

  fleet.master.kill(signal);
  const during = Promise.all(agents.map((agent) => enqueueAll(client, agent, perAgent, refusals)));
  await fleet.failedOver();
  const handles = [...before, ...(await during)].flat();
  const results = await Promise.all(handles.map((handle) => handle.result({ timeout: '100s' })));

  const inOrder = Array.from({ length: 2 * perAgent }, (_, n) => n);
  expect([...results].sort((a, b) => Number(a) - Number(b))).toEqual(inOrder.flatMap((n) => agents.map(() => n)));
  for (const agent of agents) {
    expect(firstStarts(starts, agent)).toEqual(inOrder);
    const fences = starts.filter((start) => start.agent === agent).map(({ fence }) => fence);
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
  }
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals.every((code) => ['STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(code))).toBe(true);
});

it('a connection that is made while the master hangs leads to the one that is promoted', async () => {
  const fleet = await SentinelFleet.start();
  onTestFinished(() => fleet.end());
  fleet.master.kill('SIGSTOP');
  // It accepts connections and never says a word; nothing but the first answer ends the wait for it.
  const redis = openRedis(fleet.url, { retryStrategy: () => 50 }).on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
  expect(redis.options.socketTimeout).toBeUndefined();
});

it('no connection of a worker that is busy stays with a master that hangs', async () => {
  const fleet = await SentinelFleet.start();
  onTestFinished(() => fleet.end());
  const pool = new SdkPool(fleet.url);
  pool.redis.on('error', () => undefined);
  onTestFinished(() => pool.close());
  const { hold, started, mayEnd } = holding();
  pool.serve({ hold }, { id: 'w1', lease: '60s', slots: 1, onAgentClose: () => undefined });
  const task = await pool.client().enqueue('hold', 1, { agentId: 'a' });
  await started.seen;
  const named = async () => ((await pool.redis.client('LIST')) as string).split('\n').filter(isOfWorker).length;
  await until(async () => (await named()) === 2);
  await fleet.replicated();
  fleet.master.kill('SIGSTOP');
  await fleet.failedOver();
  await until(async () => (await named()) === 2);
  mayEnd.resolve();
  expect(await task.result()).toBe(1);
});

/** Whether a client of Redis waits for a lane's marker, or hears what a worker is told. */
const isOfWorker = (client: string) => /name=shunt:|cmd=subscribe/.test(client) && !client.includes('name=sentinel');

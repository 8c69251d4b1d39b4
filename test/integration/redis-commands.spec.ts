import { openPatientRedis } from '@shunt/lanes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countCommands } from '../support/harness/command-counts.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { ScriptedPool } from '../support/scripted-pool.js';

const slots = 4;
const small = { workers: 8, backlog: 4 };
const sizes = [
  { ...small, workers: 256 },
  { ...small, backlog: 2000 },
  { workers: 256, backlog: 2000 },
];

let server: TestRedis;
let redis: ReturnType<typeof openPatientRedis>;
beforeAll(async () => {
  server = await startTestRedis();
  redis = openPatientRedis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** As many names as a backlog has tasks. */
const many = (backlog: number, kind: string) => Array.from({ length: backlog }, (_, n) => `${kind}-${n}`);
const firstOf = (agents: readonly string[]) => agents.map((agent) => `${agent}~1`);

/** Worker w0 runs agent `m`, which has a mailbox, and has a lane; the yard is as long. Of the others all but w1, w2 and w3 are idle. */
async function poolOf({ workers, backlog }: typeof small, patienceMs: number): Promise<ScriptedPool> {
  const pool = new ScriptedPool(redis);
  await pool.redis.hset(pool.keys.of('pull'), 'patienceMs', patienceMs);
  await pool.lead();
  for (let n = 0; n < workers; n++) await pool.join(`w${n}`, slots);
  for (let n = 4; n < workers; n++) await pool.pull(`w${n}`, 'slot 1');
  await pool.settleAgents('w0', ['m', ...many(backlog, 'lane')]);
  await pool.enqueue(['m~1']);
  await pool.pull('w0', 'slot 1');
  await pool.enqueue(firstOf(many(backlog, 'lane')));
  await pool.enqueue(many(backlog, 'm').map((_, n) => `m~${n + 2}`));
  await pool.enqueue(firstOf(many(backlog, 'yard')));
  return pool;
}

/** How many commands Redis executes for each step in a pool of a size. */
async function commandsOf(size: typeof small): Promise<Record<string, number>> {
  const pool = await poolOf(size, 600_000);
  const counted: Record<string, number> = {};
  const step = async (name: string, happens: () => Promise<unknown>) => {
    counted[name] = (await countCommands(redis, async () => void (await happens()))).calls;
  };
  await step('enqueue to the yard', () => pool.enqueue(['new~1']));
  await step('enqueue to a mailbox', () => pool.enqueue(['m~last']));
  await step('place', () => pool.place('yard-0~1', 'w1'));
  await step('pull from the lane', async () => expect(await pool.pull('w0', 'slot 2')).toBe('lane-0~1'));
  await step('pull from the yard', async () => expect(await pool.pull('w2', 'slot 1')).toBe('yard-1~1'));
  await step('settle, and go on with the lane', () => pool.settle('w0', 'slot 1', 'm~1', slots));
  const eager = await poolOf(size, 0);
  await redis.del(eager.keys.of('yard'));
  await step('pull from a foreign lane', async () => expect(await eager.pull('w3', 'slot 1')).toMatch(/^lane-/));
  return counted;
}

describe('what Redis does for a task', () => {
  it('is the same number of commands whatever the numbers of workers and of waiting tasks', async () => {
    const expected = await commandsOf(small);
    expect(Math.min(...Object.values(expected))).toBeGreaterThan(0);
    for (const size of sizes) expect(await commandsOf(size), JSON.stringify(size)).toEqual(expected);
  });
});

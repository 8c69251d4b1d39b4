import type { EnqueueOptions, Shunt, ShuntWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { it, type SdkPool } from './sdk-pool.js';

/** What a pool's workers ran, as `<task> on <worker>`. */
class Crew {
  readonly ran: string[] = [];
  readonly started = new Signal();
  readonly opened = new Signal();

  constructor(private readonly pool: SdkPool) {}

  /** A registered worker: `failing` fails its first attempt, `gated` too once the gate is open, `busy` waits for the gate. */
  async worker(id: string, slots = 1): Promise<ShuntWorker> {
    const note = (name: string) => void this.ran.push(`${name} on ${id}`);
    const failFirst = (attempt: number) => {
      if (attempt === 1) throw new Error('not here');
      return id;
    };
    const worker = this.pool.serve(
      {
        failing: (_, { attempt }) => {
          note('failing');
          return failFirst(attempt);
        },
        gated: async (_, { attempt }) => {
          note('gated');
          this.started.resolve();
          if (attempt === 1) await this.opened.seen;
          return failFirst(attempt);
        },
        busy: async () => {
          this.started.resolve();
          await this.opened.seen;
        },
        quick: () => id,
      },
      { id, slots },
    );
    const { redis, keys } = this.pool;
    await until(async () => (await redis.hexists(keys.of('routable'), id)) === 1);
    return worker;
  }
}

const journalOf = async (pool: SdkPool) =>
  (await pool.redis.xrange(pool.keys.of('journal'), '-', '+')).map(([, fields]) => fields.join(' '));
const untilIn = (state: string, task: { status(): Promise<{ state: string }> }) =>
  until(async () => (await task.status()).state === state);

describe("retryOn: 'other-worker'", () => {
  const options: EnqueueOptions = { agentId: 'a', attempts: 2, retryOn: 'other-worker' };

  it.for([
    ['at once', {}],
    ['after its backoff', { backoff: 20 }],
  ] as const)(
    'has a failed attempt tried again elsewhere %s, though only its home is free',
    async ([, backoff], { pool, client }) => {
      const crew = new Crew(pool);
      await crew.worker('w2');
      await client.enqueue('busy', null, { agentId: 'b' });
      await crew.started.seen;
      await crew.worker('w1', 2);
      const task = await client.enqueue('failing', null, { ...options, ...backoff });
      await until(() => crew.ran.length === 1);
      await untilIn('yard', task);
      expect(await (await client.enqueue('quick', null, { agentId: 'c' })).result()).toBe('w1');
      expect((await task.status()).state).toBe('yard');
      const next = await client.enqueue('quick', null, { agentId: 'a' });
      crew.opened.resolve();
      expect([await task.result(), await next.result()]).toEqual(['w2', 'w2']);
      expect(crew.ran).toEqual(['failing on w1', 'failing on w2']);
      const moved = /^event moved agent a from w1 worker w2 .* reason retry-elsewhere$/;
      expect((await journalOf(pool)).filter((entry) => moved.test(entry))).toHaveLength(1);
      expect(await pool.redis.exists(pool.keys.of('avoids'))).toBe(0);
    },
  );

  it('comes back to its home when there is no other worker', async ({ pool, client }) => {
    const crew = new Crew(pool);
    await crew.worker('w1');
    const task = await client.enqueue('failing', null, options);
    expect(await task.result()).toBe('w1');
    expect((await journalOf(pool)).at(-1)).toMatch(/^event moved agent a from w1 worker w1 .* reason returned$/);
  });

  it('holds for the options of a plain BullMQ queue', async ({ pool }) => {
    const crew = new Crew(pool);
    await crew.worker('w1');
    await crew.worker('w2');
    const events = await pool.events();
    const job = await pool.queue().add('failing', { agentId: 'a' }, { attempts: 2, retryOn: 'other-worker' } as object);
    const where = await job.waitUntilFinished(events, 60_000);
    expect(crew.ran).toEqual([`failing on ${where === 'w1' ? 'w2' : 'w1'}`, `failing on ${where}`]);
  });
});

describe("retryOn: 'home'", () => {
  const options: EnqueueOptions = { agentId: 'a', attempts: 2, retryOn: 'home' };

  /** An attempt on `w1` that is about to fail, and a free worker besides. */
  async function runningOn(pool: SdkPool, client: Shunt) {
    const crew = new Crew(pool);
    const home = await crew.worker('w1');
    const task = await client.enqueue('gated', null, options);
    await crew.started.seen;
    await crew.worker('w2');
    return { crew, home, task };
  }

  it("waits for a home that is paused, in nobody's way", async ({ pool, client }) => {
    const { crew, home, task } = await runningOn(pool, client);
    await home.lane.pause(true);
    crew.opened.resolve();
    await untilIn('delayed', task);
    expect(await (await client.enqueue('quick', null, { agentId: 'b' })).result()).toBe('w2');
    await home.lane.resume();
    expect(await task.result()).toBe('w1');
  });

  it('stays with its home when that is paused while the retry waits in its lane', async ({ pool, client }) => {
    const crew = new Crew(pool);
    const task = await client.enqueue('failing', null, { ...options, backoff: 20 });
    await client.enqueue('busy', null, { agentId: 'b' });
    const home = await crew.worker('w1');
    await untilIn('lane', task);
    await crew.worker('w2');
    await home.lane.pause(true);
    expect((await task.status()).state).toBe('delayed');
    crew.opened.resolve();
    await home.lane.resume();
    expect(await task.result()).toBe('w1');
  });

  it('goes to another worker once its home is gone, and its agent with it', async ({ pool, client }) => {
    const { crew, home, task } = await runningOn(pool, client);
    const next = await client.enqueue('quick', null, { agentId: 'a' });
    const closing = home.close();
    await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w1')) === 0);
    crew.opened.resolve();
    await closing;
    expect([await task.result(), await next.result()]).toEqual(['w2', 'w2']);
    expect(crew.ran).toEqual(['gated on w1', 'gated on w2']);
  });

  it.for(['any', 'nowhere'])('is not meant by %s: then it goes on elsewhere', async (retryOn, { pool, client }) => {
    const crew = new Crew(pool);
    const home = await crew.worker('w1');
    const job = await pool.queue().add('gated', { agentId: 'a' }, { attempts: 2, retryOn } as object);
    await crew.started.seen;
    await crew.worker('w2');
    await home.lane.pause(true);
    crew.opened.resolve();
    expect(await client.task(job.id ?? '').result()).toBe('w2');
  });
});

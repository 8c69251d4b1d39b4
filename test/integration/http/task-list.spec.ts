import { describe, expect } from 'vitest';
import { type HttpApi, it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

interface Page {
  readonly tasks: readonly { readonly id: string; readonly state: string; readonly worker?: string }[];
  readonly cursor: string | null;
}

/** All pages of a list, and what is done between each two of them. */
async function idsOf(api: HttpApi, query: string, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const reply = await api.send(`/v1/tasks?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const page = (await reply.json()) as Page;
    ids.push(...page.tasks.map(({ id }) => id));
    cursor = page.cursor;
    await between();
  }
  return ids;
}

const add = (api: HttpApi, agentId: string, id: string, options = {}) =>
  api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId, id, ...options } });

describe('GET /v1/tasks', () => {
  it('lists tasks by state, agent and worker', async ({ pool, api }) => {
    const [started, end] = [new Signal(), new Signal()];
    pool.serve(
      {
        turn: async () => {
          started.resolve();
          await end.seen;
        },
      },
      { id: 'w1', slots: 1 },
    );
    await add(api, 'a', '1');
    await started.seen;
    await add(api, 'a', '2');
    await add(api, 'b', '1');
    await add(api, 'c', '1', { delay: '1h' });
    expect(await idsOf(api, 'state=running')).toEqual(['a~1']);
    expect(await idsOf(api, 'worker=w1')).toEqual(['a~1']);
    expect(await idsOf(api, 'state=yard')).toEqual(['b~1']);
    expect(await idsOf(api, 'state=delayed')).toEqual(['c~1']);
    expect(await idsOf(api, 'agent=a')).toEqual(['a~2', 'a~1']);
    expect(await idsOf(api, 'agent=a&state=mailbox')).toEqual(['a~2']);
    expect(await idsOf(api, '')).toEqual(['c~1', 'b~1', 'a~1']);
    const { tasks } = (await (await api.send('/v1/tasks?state=running')).json()) as Page;
    expect(tasks).toEqual([
      {
        id: 'a~1',
        name: 'turn',
        state: 'running',
        worker: 'w1',
        agentId: 'a',
        attemptsMade: 0,
        metadata: {},
        enqueuedAt: expect.any(Number),
        startedAt: expect.any(Number),
        finishedAt: null,
        failedReason: null,
      },
    ]);
    end.resolve();
    await until(async () => (await idsOf(api, 'state=completed')).length === 3);
    expect(await idsOf(api, 'agent=a')).toEqual(['a~2', 'a~1']);
    expect(await idsOf(api, 'agent=b&state=completed')).toEqual(['b~1']);
  });

  it('tells every task that stays exactly once, whatever comes and goes between two pages', async ({ api }) => {
    const stay = Array.from({ length: 25 }, (_, n) => `s${n}~1`);
    const go = Array.from({ length: 12 }, (_, n) => `g${n}~1`);
    const mixed = stay.flatMap((id, n) => [id, ...go.slice(n, n + 1)]);
    for (const id of mixed) await add(api, id.slice(0, -2), '1', { delay: '1h' });
    let round = 0;
    const ids = await idsOf(api, 'state=delayed&limit=4', async () => {
      const gone = go[round++];
      if (gone !== undefined) await api.send(`/v1/tasks/${gone}/cancel`, { method: 'POST' });
      await add(api, `new${round}`, '1', { delay: '2h' });
      if (round > 8) return;
      await add(api, `early${round}`, '1', { delay: '1m' });
    });
    expect(ids.filter((id) => stay.includes(id))).toEqual(stay);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('goes on behind tasks that share one moment', async ({ pool, api }) => {
    const ids = Array.from({ length: 9 }, (_, n) => `a~${n}`);
    for (const id of ids) {
      await pool.redis.hset(pool.keys.of(id), 'name', 'turn', 'timestamp', 1);
      await pool.redis.zadd(pool.keys.of('completed'), 7, id);
    }
    expect(await idsOf(api, 'state=completed&limit=2')).toEqual([...ids].reverse());
  });

  it('lists the intake oldest first, while it is taken in', async ({ pool }) => {
    const api = await pool.bootIdle();
    const queue = pool.queue();
    for (let n = 0; n < 7; n++) await queue.add('turn', {}, { jobId: `job-${n}` });
    const ids = await idsOf(api, 'state=intake&limit=2', () => pool.redis.rpop(pool.keys.of('wait')));
    expect(ids).toEqual(Array.from({ length: 7 }, (_, n) => `job-${n}`));
  });

  it.for<[string, string]>([
    ['limit=-1', 'limit'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1e2', 'limit'],
    ['state=__proto__', 'state'],
    ['state=constructor', 'state'],
    ['state=missing', 'state'],
    ['state=mailbox', 'state'],
    ['state=failed&worker=w1', 'state'],
    ['cursor=forged', 'cursor'],
    ['cursor=', 'cursor'],
    [`cursor=${Buffer.from('["__proto__:",1,"a"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["yard:","1",{}]').toString('base64url')}`, 'cursor'],
    [`cursor=${'x'.repeat(5000)}`, 'cursor'],
    ['agent=', 'agent'],
    ['agent=%00', 'agent'],
    ['sort=up', 'sort'],
  ])('refuses %s', async ([query, field], { api }) => {
    const reply = await api.send(`/v1/tasks?${query}`);
    expect(await reply.json()).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

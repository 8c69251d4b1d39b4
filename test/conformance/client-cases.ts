import type { ShuntClient } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { type HttpApi, type HttpPool, it } from '../support/http.js';
import { Signal } from '../support/pool.js';
import { until } from '../support/pool-test.js';
import { refusalOf } from '../support/refusal.js';

/** How a client of a pool is opened over a transport. */
export type Open = (pool: HttpPool, api: HttpApi, options?: { readonly schemas?: object }) => ShuntClient;

/** What every transport does. Each case has a pool with a dispatcher of its own. */
export function clientCases(transport: string, open: Open): void {
  describe(`a client over ${transport}`, () => {
    it('enqueues, and tells the result and how the task is', async ({ pool, api }) => {
      const client = open(pool, api);
      const seen: unknown[] = [];
      pool.serve({
        turn: (input, { agent }) => {
          seen.push(input, agent?.id);
          return { reply: 'hi' };
        },
      });
      const task = await client.enqueue('turn', { text: 'ü', n: [1, null] }, { agentId: 'a b', attempts: 2 });
      expect(await task.result()).toEqual({ reply: 'hi' });
      expect(seen).toEqual([{ text: 'ü', n: [1, null] }, 'a b']);
      expect(task.id).toMatch(/^a%20b~/);
      expect(await task.status()).toMatchObject({
        id: task.id,
        agentId: 'a b',
        state: 'completed',
        attemptsMade: 1,
      });
      expect(await task.ended()).toEqual({ outcome: 'completed', value: { reply: 'hi' } });
      expect(await client.task(task.id).result()).toEqual({ reply: 'hi' });
    });

    it('keeps what is noted of a task, and tells it', async ({ pool, api }) => {
      const client = open(pool, api);
      const metadata = { tenant: 't-7', 'app/trace': 'ü 😀' };
      let seen: unknown;
      const task = await client.enqueue('turn', null, { agentId: 'a', metadata });
      expect((await client.listTasks({ agentId: 'a' })).tasks).toMatchObject([{ id: task.id, metadata }]);
      pool.serve({
        turn: (_, ctx) => {
          seen = ctx.task.metadata;
        },
      });
      await task.result();
      expect([seen, (await task.status()).metadata]).toEqual([metadata, metadata]);
      const plain = await client.enqueue('turn', null);
      await plain.result();
      expect([seen, (await plain.status()).metadata]).toEqual([{}, {}]);
      expect((await plain.status()).agentId).toBe(null);
    });

    it('keeps the order of the calls of a tick within an agent', async ({ pool, api }) => {
      const client = open(pool, api);
      const ran: number[] = [];
      const tasks = await Promise.all(
        Array.from({ length: 20 }, (_, n) => client.enqueue('turn', n, { agentId: 'a' })),
      );
      pool.serve({ turn: (n) => void ran.push(n) });
      await tasks.at(-1)?.result();
      expect(ran).toEqual(Array.from({ length: 20 }, (_, n) => n));
    });

    it('makes one task of an id, and refuses it with other input', async ({ pool, api }) => {
      const client = open(pool, api);
      const first = await client.enqueue('turn', 1, { id: 'order-7' });
      const again = await client.enqueue('turn', 1, { id: 'order-7' });
      expect([first.deduplicated, again.deduplicated, again.id]).toEqual([false, true, first.id]);
      expect((await refusalOf(() => client.enqueue('turn', 2, { id: 'order-7' }))).code).toBe('CONFLICT');
      expect((await client.enqueue('turn', 1)).deduplicated).toBe(false);
    });

    it('gives each item of many its own result', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: (n) => n + 1 });
      const items = [
        { task: 'turn', input: 1 },
        { task: '', input: 1 },
        { task: 'turn', input: 2, options: { attempts: 0 } },
        { task: 'turn', input: 3, options: { agentId: 'a' } },
      ];
      const results = await client.enqueueMany(items);
      expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
        'ok',
        'INVALID_TASK',
        'INVALID_TASK',
        'ok',
      ]);
      const sums = await Promise.all(results.map((result) => (result.ok ? result.handle.result() : null)));
      expect(sums).toEqual([2, null, null, 4]);
    });

    it('refuses bad input with the same errors', async ({ pool, api }) => {
      const client = open(pool, api, { schemas: { typed: z.object({ text: z.string() }) } });
      const calls: [() => unknown, string, string][] = [
        [() => client.enqueue('', 1), 'INVALID_TASK', 'task'],
        [() => client.enqueue('turn', new Date() as never), 'INVALID_TASK', 'input'],
        [() => client.enqueue('turn', 'x'.repeat(300_000)), 'PAYLOAD_TOO_LARGE', 'input'],
        [() => client.enqueue('turn', 1, { agentId: 'é'.repeat(100) }), 'INVALID_TASK', 'agentId'],
        [() => client.enqueue('typed', { text: 1 }), 'INVALID_INPUT', 'input.text'],
        [() => client.task(''), 'INVALID_TASK', 'id'],
        [() => client.agents.get(''), 'INVALID_TASK', 'agentId'],
        [() => client.schedules.upsert('s', { cron: '61 * * * *' }, 'turn', 1), 'INVALID_INPUT', 'cron'],
      ];
      for (const [call, code, field] of calls)
        expect(await refusalOf(call)).toMatchObject({ code, details: [{ field: expect.stringContaining(field) }] });
    });

    it('tells failures, cancels and retries', async ({ pool, api }) => {
      const client = open(pool, api);
      let isMended = false;
      pool.serve({
        turn: () => {
          if (!isMended) throw new Error('no disk');
          return 'done';
        },
      });
      const task = await client.enqueue('turn', null, { agentId: 'a' });
      expect(await refusalOf(() => task.result())).toMatchObject({ code: 'TASK_FAILED', message: 'no disk' });
      expect(await task.ended()).toEqual({ outcome: 'failed', reason: 'no disk' });
      expect((await task.explain()).why).toContain('no disk');
      expect(await task.cancel()).toBe('finished');
      isMended = true;
      expect(await task.retry()).toBe('retried');
      expect(await task.result()).toBe('done');
      expect(await task.retry()).toBe('not-failed');
      const late = await client.enqueue('turn', null, { agentId: 'a', delay: '1h' });
      expect(await late.ended({ wait: 50 })).toBeNull();
      expect((await refusalOf(() => late.result({ timeout: 50 }))).code).toBe('DEADLINE_EXCEEDED');
      expect(await late.cancel({ reason: 'not needed' })).toBe('cancelled');
      const message = `Task ${late.id} was cancelled before it started: not needed`;
      expect(await refusalOf(() => late.result())).toMatchObject({ code: 'CANCELLED', message });
    });

    it('cancels for a reason, and by force', async ({ pool, api }) => {
      const client = open(pool, api);
      const late = await client.enqueue('turn', null, { agentId: 'b', delay: '1h' });
      expect(await late.cancel({ reason: 'not wanted' })).toBe('cancelled');
      expect(await late.ended()).toEqual({ outcome: 'cancelled', reason: 'cancelled before it started: not wanted' });
      const [started, gate] = [new Signal(), new Signal()];
      pool.serve({
        turn: async () => {
          started.resolve();
          await gate.seen;
        },
      });
      const task = await client.enqueue('turn', null, { agentId: 'a' });
      await started.seen;
      expect([await task.cancelPlan(), await task.cancelPlan({ force: true })]).toEqual(['cancelling', 'cancelled']);
      expect(await task.cancel({ reason: 'wrong prompt', force: true })).toBe('cancelled');
      expect(await task.ended()).toEqual({ outcome: 'cancelled', reason: 'cancelled while it ran: wrong prompt' });
      for (const [options, field] of [
        [{ reason: 'a\nb' }, 'reason'],
        [{ reason: 'x'.repeat(501) }, 'reason'],
        [{ force: 'yes' }, 'force'],
        [{ forced: true }, 'forced'],
      ] as const)
        expect(await refusalOf(() => task.cancel(options as never))).toMatchObject({
          code: 'INVALID_INPUT',
          details: [{ field }],
        });
      gate.resolve();
    });

    it('says of a task that is not there that it is missing', async ({ pool, api }) => {
      const task = open(pool, api).task('a~nothing');
      expect(await task.status()).toMatchObject({ id: 'a~nothing', state: 'missing', enqueuedAt: null });
      expect([await task.cancel(), await task.retry()]).toEqual(['missing', 'missing']);
      expect((await task.explain()).state).toBe('missing');
      expect((await refusalOf(() => task.result({ timeout: '5s' }))).code).toBe('NOT_FOUND');
    });

    it('tells the events of a task to its end, and from one on', async ({ pool, api }) => {
      const client = open(pool, api);
      const task = await client.enqueue('turn', null, { agentId: 'a' });
      pool.serve({
        turn: async (_, { progress }) => {
          await progress({ step: 1 });
          return { reply: 'hi' };
        },
      });
      const told = [];
      for await (const event of task.events()) told.push(event);
      const types = told.map(({ type }) => type);
      expect([types[0], types.at(-1)]).toEqual(['added', 'completed']);
      expect(told.find(({ type }) => type === 'progress')?.data).toMatchObject({ data: { step: 1 } });
      expect(told.at(-1)?.data).toMatchObject({ returnvalue: { reply: 'hi' } });
      const after = told.at(-2)?.id;
      const rest = [];
      for await (const event of task.events({ after })) rest.push(event);
      expect(rest).toEqual(told.slice(-1));
    });

    it('tells what a handler emits, all of it and in order, among the other events', async ({ pool, api }) => {
      const client = open(pool, api);
      const values = [{ delta: 'Hé\n\nllo' }, null, 7, '', [1, { a: [] }]];
      const task = await client.enqueue('turn', null, { agentId: 'a' });
      pool.serve({
        turn: async (_, { emit, progress }) => {
          for (const value of values) await emit(value);
          await progress(50);
          for (const value of values) void emit(value);
          return 'done';
        },
      });
      const told = [];
      for await (const event of task.events()) told.push(event);
      const all = values.map((value) => ['data', value]);
      const end = [['completed', undefined]];
      const from = told.findIndex(({ type }) => type === 'data');
      expect(told.slice(from).map(({ type, value }) => [type, value])).toEqual([
        ...all,
        ['progress', undefined],
        ...all,
        ...end,
      ]);
      const rest = [];
      for await (const event of client.task(task.id).events({ after: told[from + 1]?.id })) rest.push(event);
      expect(rest).toEqual(told.slice(from + 2));
    });

    it('lists tasks by agent and state, page by page', async ({ pool, api }) => {
      const client = open(pool, api);
      for (const n of [1, 2, 3]) await client.enqueue('turn', n, { agentId: 'a' });
      await client.enqueue('turn', 4, { agentId: 'b' });
      const listed: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await client.listTasks({ agentId: 'a', limit: 2, cursor });
        listed.push(...page.tasks.map(({ id }) => id));
        if (page.cursor === null) break;
        cursor = page.cursor;
      }
      expect(new Set(listed).size).toBe(3);
    });

    it('shows agents, and pins, moves and releases them', async ({ pool, api }) => {
      const client = open(pool, api);
      const [started, end] = [new Signal(), new Signal()];
      pool.serve(
        {
          turn: async () => {
            started.resolve();
            await end.seen;
          },
        },
        { id: 'w1' },
      );
      await until(async () => (await client.workers.list()).length === 1);
      const task = await client.enqueue('turn', null, { agentId: 'a b' });
      await started.seen;
      const { id } = task;
      const current = { id, state: 'running', worker: 'w1' };
      expect(await client.agents.get('a b')).toMatchObject({
        id: 'a b',
        home: 'w1',
        task: current,
        waiting: 0,
        pin: null,
        paused: null,
      });
      await client.agents.pin('a b', 'w1', { ttl: '1h', soft: true });
      expect((await client.agents.get('a b')).pin).toMatchObject({ worker: 'w1', kind: 'soft' });
      expect([await client.agents.unpin('a b'), await client.agents.unpin('a b')]).toEqual([true, false]);
      expect((await refusalOf(() => client.agents.move('a b', 'w9'))).code).toBe('NOT_FOUND');
      const listed: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await client.agents.list({ cursor });
        listed.push(...page.agents.map((agent) => agent.id));
        ({ cursor } = page);
      }
      expect(new Set(listed)).toEqual(new Set(['a b']));
      end.resolve();
      await task.result();
      expect(await client.agents.release('a b')).toBe(true);
      expect(await client.agents.get('nobody')).toEqual({
        id: 'nobody',
        home: null,
        fence: 0,
        task: null,
        waiting: 0,
        pin: null,
        paused: null,
      });
    });

    it('says what orders would do, and changes nothing by it', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: (n) => n }, { id: 'w1' });
      await until(async () => (await client.workers.list()).length === 1);
      await (await client.enqueue('turn', 1, { agentId: 'a' })).result();
      const { agents, pool: whole } = client;
      const before = await agents.get('a');
      expect(await agents.plan('a', { order: 'pin', worker: 'w1', ttl: '1m' })).toMatch(
        /w1 and no other, for 60000 ms/,
      );
      expect(await agents.plan('a', { order: 'move', worker: 'w1' })).toMatch(/w1, and may move on/);
      expect(await agents.plan('a', { order: 'unpin' })).toMatch(/not pinned/);
      expect(await agents.plan('a', { order: 'release' })).toMatch(/^w1 would close its state/);
      expect((await refusalOf(() => agents.plan('a', { order: 'move', worker: 'w9' }))).code).toBe('NOT_FOUND');
      const wrong = refusalOf(() => agents.plan('a', { order: 'crash' } as never));
      expect(await wrong).toMatchObject({ code: 'INVALID_TASK', details: [{ field: 'order' }] });
      expect(await agents.get('a')).toEqual(before);
      const task = await client.enqueue('turn', 1, { agentId: 'b', delay: '1h' });
      expect([await task.cancelPlan(), (await task.status()).state]).toEqual(['cancelled', 'delayed']);
      expect(await client.task('b~none').cancelPlan()).toBe('missing');
      expect(await whole.scalePlan(3)).toMatchObject({
        wished: 3,
        target: 3,
        would: expect.stringContaining('started'),
      });
      expect((await whole.scale()).wished).toBeNull();
      expect((await refusalOf(() => whole.scalePlan(-1))).code).toBe('INVALID_INPUT');
    });

    it('says what a retry, a breaker or a configuration would do, and changes nothing by it', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: (n) => n }, { id: 'w1' });
      await until(async () => (await client.workers.list()).length === 1);
      const task = await client.enqueue('turn', 1, { agentId: 'b', delay: '1h' });
      expect((await task.retryPlan()).outcome).toBe('not-failed');
      await task.cancel();
      const again = { outcome: 'retried', would: 'It would run again with all its attempts.' };
      expect([await task.retryPlan(), (await task.status()).state]).toEqual([again, 'failed']);
      expect(await client.task('b~none').retryPlan()).toMatchObject({ outcome: 'missing' });
      expect(await client.workers.breakerPlan('w1', 'open')).toMatch(/^The worker would get nothing/);
      expect(await client.workers.breakerPlan('w1', 'auto')).toMatch(/nothing would change/);
      expect((await refusalOf(() => client.workers.breakerPlan('w9', 'open'))).code).toBe('NOT_FOUND');
      expect(await client.pool.configPlan({ sessionTtl: '30m' }, { ifVersion: 0 })).toEqual({
        version: 1,
        config: { sessionTtl: 1_800_000 },
        would: 'sessionTtl: as the processes say → 30m. Every process would apply it within a second.',
      });
      expect(await client.pool.getConfig()).toEqual({ version: 0, config: {} });
      expect((await refusalOf(() => client.pool.configPlan({}, { ifVersion: 3 }))).code).toBe('CONFLICT');
    });

    it('pauses and resumes an agent', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: (n) => n }, { id: 'w1' });
      expect([await client.agents.pause('a'), await client.agents.pause('a')]).toEqual([true, false]);
      const task = await client.enqueue('turn', 7, { agentId: 'a' });
      const paused = { by: expect.any(String), sinceMs: expect.any(Number) };
      expect(await client.agents.get('a')).toMatchObject({ task: null, waiting: 1, paused });
      expect((await client.agents.list()).agents).toMatchObject([{ id: 'a', state: 'paused', paused }]);
      expect((await task.explain()).why).toMatch(/its agent is paused by/);
      expect(await refusalOf(() => client.agents.pause('a', { by: '' }))).toMatchObject({ details: [{ field: 'by' }] });
      expect([await client.agents.resume('a'), await client.agents.resume('a')]).toEqual([true, false]);
      expect(await task.result()).toBe(7);
    });

    it('shows workers, drains one and lets it back', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: () => null }, { id: 'w1', slots: 3, zone: 'eu', labels: { gpu: 'a100' } });
      await until(async () => (await client.workers.list()).length === 1);
      const facts = { id: 'w1', slots: 3, zone: 'eu', labels: { gpu: 'a100' }, isDrained: false, breaker: 'closed' };
      expect(await client.workers.list()).toMatchObject([facts]);
      expect(await client.workers.drainPlan('w1')).toEqual({ waiting: 0, running: 0, others: 0 });
      expect(await client.workers.drain('w1')).toBe(0);
      expect(await client.workers.get('w1')).toMatchObject({ isDrained: true, isRoutable: false });
      await client.workers.undrain('w1');
      for (const order of ['open', 'close', 'auto'] as const) {
        await client.workers.setBreaker('w1', order);
        expect(await pool.redis.hget(pool.keys.of('orders'), 'w1')).toBe(
          { open: 'open', close: 'closed', auto: null }[order],
        );
      }
      expect(await client.workers.evictPlan('w1')).toEqual({ waiting: 0, staying: 0, running: 0, others: 0 });
      expect(await client.workers.evict('w1')).toBe(0);
      expect((await refusalOf(() => client.workers.evict('w9'))).code).toBe('NOT_FOUND');
      expect((await client.workers.get('w1')).isDrained).toBe(false);
      expect((await refusalOf(() => client.workers.get('w9'))).code).toBe('NOT_FOUND');
    });

    it('changes what the pool is told, by the version that was read', async ({ pool, api }) => {
      const client = open(pool, api);
      expect(await client.pool.getConfig()).toEqual({ version: 0, config: {} });
      const told = await client.pool.setConfig({ sessionTtl: '30m' }, { ifVersion: 0 });
      expect(told).toEqual({ version: 1, config: { sessionTtl: 1_800_000 } });
      const stale = client.pool.setConfig({ sessionTtl: '1m' }, { ifVersion: 0 });
      expect((await refusalOf(() => stale)).code).toBe('CONFLICT');
      expect(await client.pool.getConfig()).toEqual(told);
    });

    it('tells alerts, and how many workers the pool has and is wished to have', async ({ pool, api }) => {
      const client = open(pool, api);
      const alerts = await client.alerts.list();
      expect(alerts).toHaveLength(15);
      expect(alerts[0]).toMatchObject({ alert: 'high_error_rate', state: 'inactive', sinceMs: null });
      await client.pool.setScale(3);
      expect(await client.pool.scale()).toMatchObject({ workers: 0, wished: 3, target: 3 });
      await client.pool.setScale('auto');
      expect((await client.pool.scale()).wished).toBeNull();
      expect((await refusalOf(() => client.pool.setScale(-1))).code).toBe('INVALID_INPUT');
    });

    it('tells the journal who ordered something, and why', async ({ pool, api }) => {
      const client = open(pool, api);
      pool.serve({ turn: () => null }, { id: 'w1' });
      await until(async () => (await client.workers.list()).length === 1);
      const by = transport === 'HTTP' ? 'the-admin' : 'ada';
      const orders = { by: 'ada', reason: 'a slow zone' };
      await client.pool.setConfig({ sessionTtl: '30m' }, orders);
      await client.pool.setScale(3, orders);
      await client.workers.drain('w1', orders);
      await client.workers.undrain('w1', orders);
      await client.workers.setBreaker('w1', 'close', orders);
      await client.agents.pin('a', 'w1', { soft: true, ...orders });
      await client.agents.unpin('a', orders);
      await client.agents.pause('a', orders);
      await client.agents.resume('a', orders);
      const { entries } = await pool.client().pool.past({ isRareOnly: true });
      const told = entries.map(({ fields }) => fields).filter((fields) => 'by' in fields);
      expect(told.map(({ event }) => event).reverse()).toEqual([
        'configured',
        'scaled',
        'drained',
        'undrained',
        'ordered',
        'pinned',
        'unpinned',
        'paused',
        'resumed',
      ]);
      for (const fields of told) expect(fields).toMatchObject({ by, why: 'a slow zone' });
      const unnamed = transport === 'HTTP' ? 'the-admin' : 'sdk';
      await client.pool.setScale('auto');
      const [last] = (await pool.client().pool.past({ limit: 1 })).entries;
      expect([last?.fields.by, last?.fields.why]).toEqual([unnamed, undefined]);
      for (const call of [
        () => client.pool.setScale(1, { reason: 'x'.repeat(501) }),
        () => client.pool.setConfig({}, { reason: 7 } as never),
        () => client.workers.drain('w1', { reason: 7 } as never),
        () => client.workers.evict('w1', { reason: 7 } as never),
        () => client.workers.setBreaker('w1', 'auto', { reason: 7 } as never),
        () => client.agents.release('a', { reason: 7 } as never),
      ])
        expect(await refusalOf(async () => call())).toMatchObject({ details: [{ field: 'reason' }] });
      for (const call of [
        () => client.workers.setBreaker('w1', 'closed' as never),
        () => client.workers.breakerPlan('w1', 'closed' as never),
      ])
        expect(await refusalOf(async () => call())).toMatchObject({
          code: 'INVALID_INPUT',
          details: [{ field: 'order' }],
        });
    });

    it('makes, lists and ends schedules', async ({ pool, api }) => {
      const client = open(pool, api);
      const made = await client.schedules.upsert(
        'daily',
        { cron: '0 9 * * *' },
        'turn',
        { n: 1 },
        { agentId: 'a', reason: 'try' },
      );
      expect(made).toMatchObject({ id: 'daily', task: 'turn', agentId: 'a', input: { n: 1 }, tz: 'UTC' });
      expect(await client.schedules.list()).toEqual([made]);
      await client.schedules.upsert(
        'daily',
        { cron: '0 9 * * *' },
        'turn',
        { n: 1 },
        { agentId: 'a', reason: 'again' },
      );
      expect([await client.schedules.remove('daily'), await client.schedules.remove('daily')]).toEqual([true, false]);
      const { entries } = await pool.client().pool.past({});
      const told = entries.map(({ fields }) => fields).filter(({ schedule }) => schedule === 'daily');
      expect(told).toMatchObject([
        { event: 'unscheduled', by: expect.any(String) },
        { event: 'scheduled', task: 'turn', when: '0 9 * * *', agent: 'a', by: expect.any(String), why: 'try' },
      ]);
    });

    it('fails calls under way and later ones when it is closed', async ({ pool, api }) => {
      const client = open(pool, api);
      const task = await client.enqueue('turn', null, { delay: '1h' });
      const waiting = refusalOf(() => task.result());
      await task.status();
      client.close();
      expect((await waiting).code).toBe('STORE_UNAVAILABLE');
      expect((await refusalOf(() => client.enqueue('turn', null))).code).toBe('STORE_UNAVAILABLE');
    });
  });
}

import { connect, createWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { refusalOf } from '../../support/refusal.js';
import { it } from './sdk-pool.js';

const schemas = { turn: z.strictObject({ text: z.string().max(5), times: z.int().default(2) }) };
type Tasks = { turn: { input: { text: string; times?: number }; output: { reply: string } } };

describe('schemas', () => {
  it('refuse bad input where it is enqueued', async ({ pool }) => {
    const client = pool.client({ schemas });
    const error = await refusalOf(() => client.enqueue('turn', { text: 'too long' }));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'input.text' }] });
    const results = await client.enqueueMany([
      { task: 'turn', input: {} },
      { task: 'turn', input: { text: 'ok' } },
    ]);
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(['INVALID_INPUT', 'ok']);
    expect((await client.pool.stats()).enqueued).toBe(1);
  });

  it('fail a task for good before its handler, with the same code, where a producer knew none', async ({
    pool,
    client,
  }) => {
    const ran: unknown[] = [];
    pool.serve({ turn: (input) => void ran.push(input) }, { schemas });
    const bad = await client.enqueue('turn', { text: 1 }, { attempts: 3 });
    const error = await refusalOf(() => bad.result());
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'input.text' }] });
    expect(await bad.status()).toMatchObject({ state: 'failed', attemptsMade: 1 });
    await (await client.enqueue('turn', { text: 'hi' })).result();
    expect(ran).toEqual([{ text: 'hi', times: 2 }]);
  });

  it('go with the types of client and worker', async ({ pool }) => {
    const client = connect<Tasks>({ redis: pool.url, pool: pool.pool, schemas });
    const worker = createWorker<Tasks>({
      redis: pool.url,
      pool: pool.pool,
      schemas,
      handlers: { turn: ({ text, times = 1 }) => ({ reply: text.repeat(times) }) },
    });
    const running = worker.run();
    const { reply } = await (await client.enqueue('turn', { text: 'ha' })).result();
    expect(reply).toBe('haha');
    // @ts-expect-error it is a text
    await refusalOf(() => client.enqueue('turn', { text: 1 }));
    // @ts-expect-error there is no such task
    await client.enqueueMany([{ task: 'run', input: { text: 'x' } }]);
    // @ts-expect-error the handler returns a reply
    const wrong = () => createWorker<Tasks>({ handlers: { turn: () => 1 } });
    expect(wrong).toBeTypeOf('function');
    client.close();
    await worker.close();
    await running;
  });
});

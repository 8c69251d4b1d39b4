import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';
import { Countdown } from '../../support/pool.js';

describe('/v1/schedules', () => {
  it('makes, lists and ends one, which runs', async ({ pool, api }) => {
    const done = new Countdown(2);
    const inputs: unknown[] = [];
    pool.serve({
      tick: (input, { agent }) => {
        inputs.push([input, agent?.id]);
        done.tick();
      },
    });
    const body = { every: '50ms', task: 'tick', input: { n: 1 }, options: { agentId: 'a' }, reason: 'try' };
    const made = await api.send('/v1/schedules/s', { method: 'PUT', json: body, as: 'submitter' });
    expect([made.status, await made.json()]).toMatchObject([200, { id: 's', task: 'tick', agentId: 'a', everyMs: 50 }]);
    await done.zero;
    expect(inputs[1]).toEqual([{ n: 1 }, 'a']);
    const listed = await api.send('/v1/schedules', { as: 'viewer' });
    expect(await listed.json()).toMatchObject({ schedules: [{ id: 's', input: { n: 1 }, cron: null }] });
    const { entries } = (await (await api.send('/v1/audit')).json()) as { entries: unknown[] };
    expect(entries[0]).toMatchObject({
      actor: 'the-submitter',
      action: 'schedule.upsert',
      target: 'schedule s',
      reason: 'try',
    });
    expect((await api.send('/v1/schedules/s', { method: 'DELETE' })).status).toBe(204);
    expect((await api.send('/v1/schedules/s', { method: 'DELETE' })).status).toBe(404);
    expect(await (await api.send('/v1/schedules')).json()).toEqual({ schedules: [] });
  });

  it.for([
    ['s', { cron: '61 * * * *', task: 'tick', input: null }, 'cron'],
    ['s', { cron: '* * * * *', tz: 'Mars/Base', task: 'tick', input: null }, 'tz'],
    ['s', { every: 'soon', task: 'tick', input: null }, 'every'],
    ['s', { every: 1, task: 'tick', input: null }, 'every'],
    ['s', { task: 'tick', input: null }, 'every'],
    ['s', { every: '1s', task: 'tick', input: null, options: { delay: 5 } }, 'delay'],
    ['s', { every: '1s', task: 'tick' }, 'input'],
    ['a:b', { every: '1s', task: 'tick', input: null }, 'id'],
  ] as const)('refuses %j', async ([id, json, field], { api }) => {
    const answer = await api.send(`/v1/schedules/${encodeURIComponent(id)}`, { method: 'PUT', json });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'INVALID_INPUT', errors: [{ field }] }]);
  });
});

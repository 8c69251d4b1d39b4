import { describe, expect } from 'vitest';
import { refusalOf } from '../../support/refusal.js';
import { it } from '../sdk/sdk-pool.js';

const cronForm = /must be a cron expression of five fields/;
const zoneForm = /^must be the name of a time zone, such as Europe\/Berlin$/;
const timings: [object, string, RegExp][] = [
  [{}, 'every', /^or cron must be given, and not both$/],
  [{ every: '1s', cron: '* * * * *' }, 'every', /^or cron must be given, and not both$/],
  [{ every: 'soon' }, 'every', /must be whole milliseconds/],
  [{ every: 0 }, 'every', /^must be from 10ms to 365d$/],
  [{ every: '400d' }, 'every', /365/],
  [{ every: '1s', tz: 'UTC' }, 'tz', /^is for cron only$/],
  [{ cron: '' }, 'cron', cronForm],
  [{ cron: '* * *' }, 'cron', cronForm],
  [{ cron: '* * * * * * *' }, 'cron', cronForm],
  [{ cron: 7 }, 'cron', cronForm],
  [{ cron: '61 * * * *' }, 'cron', /^is no cron expression: .*0-59/],
  [{ cron: 'a b c d e' }, 'cron', /^is no cron expression/],
  [{ cron: '@never' }, 'cron', /^is no cron expression/],
  [{ cron: '0 0 31 2 *' }, 'cron', /^is no cron expression/],
  [{ cron: '0 9 * * *', tz: 'Mars/Base' }, 'tz', zoneForm],
  [{ cron: '0 9 * * *', tz: '' }, 'tz', zoneForm],
  [{ crn: '0 9 * * *' }, 'crn', /did you mean cron/],
];

describe('schedules.upsert refuses', () => {
  for (const [timing, field, message] of timings) {
    it(JSON.stringify(timing), async ({ client }) => {
      const { code, details } = await refusalOf(() => client.schedules.upsert('s', timing as never, 'tick', null));
      expect(code).toBe('INVALID_INPUT');
      expect(details).toContainEqual({ field, message: expect.stringMatching(message) });
    });
  }

  it.for(['a:1', '', 'x'.repeat(65), 7, undefined])('the id %j', async (id, { client }) => {
    const error = await refusalOf(() => client.schedules.upsert(id as never, { every: '1s' }, 'tick', null));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'id' }] });
  });

  it.for(['id', 'delay', 'dedup'])('the option %s', async (name, { client }) => {
    const options = { [name]: 'x' } as never;
    const error = await refusalOf(() => client.schedules.upsert('s', { every: '1s' }, 'tick', null, options));
    expect(error.details).toEqual([{ field: name, message: 'is not an option of a schedule' }]);
  });

  it('what enqueue refuses', async ({ client }) => {
    const bad = [
      client.schedules.upsert('s', { every: '1s' }, '', null),
      client.schedules.upsert('s', { every: '1s' }, 'tick', undefined),
      client.schedules.upsert('s', { every: '1s' }, 'tick', null, { attempts: 0 }),
    ];
    for (const call of bad) expect((await refusalOf(() => call)).code).toBe('INVALID_TASK');
    expect(await client.schedules.list()).toEqual([]);
  });
});

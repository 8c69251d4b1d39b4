import { expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { it } from '../support/pool-test.js';

const start = commands();

it('shunt schedules makes, lists and ends schedules', async ({ pool }) => {
  const run = async (exit: number, ...words: string[]) => {
    const env = { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool };
    const command = start(['node', 'dist/apps/cli/src/main.js', 'schedules', ...words], { env });
    expect([await command.ended(), command.output]).toEqual([exit, expect.any(String)]);
    return command.output.trim();
  };
  const words = ['upsert', 'daily', 'report', '--cron', '0 9 * * 1-5', '--tz', 'Europe/Berlin', '-i', '{"of":"x"}'];
  expect(await run(0, ...words, '--agent', 'a-42', '--options', '{"attempts":3}')).toMatch(
    /daily.*report.*a-42.*0 9 \* \* 1-5/,
  );
  const daily = { id: 'daily', task: 'report', agentId: 'a-42', input: { of: 'x' }, tz: 'Europe/Berlin' };
  expect(JSON.parse(await run(0, 'ls', '-o', 'json'))).toMatchObject([daily]);
  expect(await run(0, 'rm', 'daily', '--yes')).toBe('schedule daily has ended');
  expect(await run(1, 'rm', 'daily', '--yes')).toBe('there is no schedule daily');
  expect(await run(78, 'upsert', 's', 'tick', '--cron', '61 * * * *')).toContain('cron is no cron expression');
  expect(await run(78, 'upsert', 's', 'tick', '--every', '1s', '-i', '{')).toContain('--input must be JSON');
});

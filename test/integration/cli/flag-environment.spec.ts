import type { Command, Option } from 'commander';
import { afterEach, describe, expect, vi } from 'vitest';
import { shuntProgram } from '../../../apps/cli/src/program.js';
import { runShunt } from '../../support/cli/run-shunt.js';
import { it } from '../../support/pool-test.js';

afterEach(() => void vi.unstubAllEnvs());

const optionsOf = ({ options, commands }: Command): Option[] => [...options, ...commands.flatMap(optionsOf)];

describe('a flag of the CLI', () => {
  it('has a variable, told from the others by its name', async () => {
    const options = (await shuntProgram()).commands.flatMap(optionsOf);
    const settings: Record<string, string> = { redis: 'SHUNT_REDIS_URL', pool: 'SHUNT_POOL', prefix: 'SHUNT_PREFIX' };
    for (const option of options) {
      const name = option.name();
      expect([name, option.envVar]).toEqual([
        name,
        settings[name] ?? `SHUNT_CLI_${name.toUpperCase().replaceAll('-', '_')}`,
      ]);
    }
    const withValue = options.filter((option) => !option.isBoolean()).map(({ envVar }) => envVar);
    expect(options.filter((option) => option.isBoolean() && withValue.includes(option.envVar))).toEqual([]);
  });

  it('is told by the environment, unless it is typed', async ({ pool }) => {
    const client = pool.client();
    for (const id of ['one', 'two', 'three']) await client.enqueue('echo', null, { id });
    vi.stubEnv('SHUNT_CLI_LIMIT', '2');
    vi.stubEnv('SHUNT_CLI_OUTPUT', 'jsonl');
    const linesOf = async (...words: string[]) => (await runShunt(pool, ...words)).output.split('\n').length;
    expect(await linesOf('tasks', 'ls')).toBe(2);
    expect(await linesOf('tasks', 'ls', '--limit', '1')).toBe(1);
  });

  it('that takes no value is given by true and not by false', async ({ pool }) => {
    const { id } = await pool.client().enqueue('echo', null);
    vi.stubEnv('SHUNT_CLI_DRY_RUN', 'true');
    vi.stubEnv('SHUNT_CLI_YES', 'true');
    expect((await runShunt(pool, 'tasks', 'cancel', id)).output).toContain('would be: cancelled');
    vi.stubEnv('SHUNT_CLI_DRY_RUN', 'false');
    expect((await runShunt(pool, 'tasks', 'cancel', id)).output).toBe(`task ${id}: cancelled`);
    vi.stubEnv('SHUNT_CLI_DRY_RUN', '1');
    await expect(runShunt(pool, 'tasks', 'cancel', id)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      details: [{ field: 'SHUNT_CLI_DRY_RUN', message: 'must be true or false' }],
    });
  });

  it('of another command tells nothing, and one of no command is an error', async ({ pool }) => {
    vi.stubEnv('SHUNT_CLI_ROUNDS', '3');
    expect((await runShunt(pool, 'agents', 'ls')).code).toBe(0);
    vi.stubEnv('SHUNT_CLI_ROUNDZ', '3');
    await expect(runShunt(pool, 'agents', 'ls')).rejects.toMatchObject({ details: [{ field: 'SHUNT_CLI_ROUNDZ' }] });
  });
});

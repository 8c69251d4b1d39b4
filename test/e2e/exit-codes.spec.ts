import { describe, expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { it } from '../support/pool-test.js';

const start = commands();
const secret = 'hunter2';

/** What is typed wrongly, and how the answer names it. */
const wrong: readonly (readonly [words: string, named: RegExp])[] = [
  ['', /Usage: shunt/],
  ['taks', /unknown command 'taks'\n\(Did you mean tasks\?\)/],
  ['tasks ls --statee failed', /unknown option '--statee'\n\(Did you mean --state\?\)/],
  [`tasks ls --pasword=${secret}`, /unknown option '--pasword'\n/],
  ['tasks ls --agent', /option '--agent <id>' argument missing/],
  ['tasks get', /missing required argument 'id'/],
  [`tasks ls --limit ${secret}`, /option '--limit <n>' is invalid\. must be a whole number from 1 to 1000/],
  ['dev --demo --workers=-1', /option '--workers <n>' is invalid\. must be a whole number from 1 to 64/],
  [
    'top --every soon',
    /option '--every <duration>' is invalid\. must be whole milliseconds, or a text such as '250ms'/,
  ],
  [`tasks ls -o ${secret}`, /option '-o, --output <form>' is invalid\. Allowed choices are table, json, jsonl/],
  [`tasks ls --state ${secret}`, /state must be one of intake, mailbox, delayed/],
  ['tasks ls --worker \u0007', /worker must not contain control characters/],
  ['tasks cancel a~1', /--yes is needed to cancel task a~1, as there is no terminal to ask at/],
  ['workers evict w1', /--yes is needed to give what waits for worker w1/],
  ['pools scale --to 0', /--yes is needed to stop every worker/],
  ['tasks ls --cursor !', /cursor must be the cursor of an answer/],
  [`enqueue echo -i ${secret}`, /--input must be JSON/],
  [`enqueue echo --options {"priorty":"${secret}"}`, /priorty is not a known option: did you mean priority\?/],
  [`enqueue echo --timeout ${secret} --wait`, /--timeout must be whole milliseconds, or a text such as '250ms'/],
  [`schedules upsert daily echo --cron ${secret}`, /cron must be a cron expression/],
  ['agents pin a w1 --ttl 0s', /ttl must be from 1ms to 365d/],
  [`tasks ls --redis ${secret}`, /SHUNT_REDIS_URL must be/],
  ['tasks ls --pool {a}', /SHUNT_POOL must be/],
];

describe('a command that is typed wrongly', () => {
  it.each(wrong)('exits with 78 and names what is wrong: %s', async (words, named) => {
    // There is no Redis at that address: what is wrong is found before it is asked.
    const env = { SHUNT_REDIS_URL: 'redis://127.0.0.1:1' };
    const command = start(['node', 'dist/apps/cli/src/main.js', ...words.split(' ').filter(Boolean)], { env });
    expect([await command.ended(), command.output]).toEqual([78, expect.stringMatching(named)]);
    expect(command.output).not.toContain(secret);
    expect(command.output).not.toMatch(/ {4}at /);
  });
});

/** What is told wrongly by the variable of a flag. */
const wronglyTold: readonly (readonly [variable: string, value: string, words: string, named: RegExp])[] = [
  [
    'SHUNT_CLI_LIMIT',
    secret,
    'tasks ls',
    /option '--limit <n>' of SHUNT_CLI_LIMIT is invalid\. must be a whole number/,
  ],
  [
    'SHUNT_CLI_OUTPUT',
    secret,
    'top',
    /'-o, --output <form>' of SHUNT_CLI_OUTPUT is invalid\. Allowed choices are table/,
  ],
  ['SHUNT_CLI_YES', secret, 'tasks cancel a~1', /SHUNT_CLI_YES must be true or false/],
  ['SHUNT_CLI_YES', 'false', 'tasks cancel a~1', /--yes is needed to cancel task a~1/],
  ['SHUNT_CLI_LIMTI', '1', 'top', /SHUNT_CLI_LIMTI is of no flag: did you mean SHUNT_CLI_LIMIT\?/],
  ['SHUNT_CLI_COFFEE', '1', 'completion bash', /SHUNT_CLI_COFFEE is of no flag$/m],
];

describe("a flag's variable that is wrong", () => {
  it.each(wronglyTold)(
    'makes a command exit with 78, and is named: %s=%s %s',
    async (variable, value, words, named) => {
      const env = { SHUNT_REDIS_URL: 'redis://127.0.0.1:1', [variable]: value };
      const command = start(['node', 'dist/apps/cli/src/main.js', ...words.split(' ')], { env });
      expect([await command.ended(), command.output]).toEqual([78, expect.stringMatching(named)]);
      expect(command.output).not.toContain(secret);
    },
  );
});

it('names a key of a configuration that is not known, and the nearest one', async ({ pool }) => {
  const command = start(['node', 'dist/apps/cli/src/main.js', 'config', 'set', `strateyg=${secret}`], {
    env: { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool },
  });
  expect([await command.ended(), command.output]).toEqual([
    78,
    expect.stringMatching(/strateyg .*did you mean strategy/),
  ]);
  expect(command.output).not.toContain(secret);
});

describe('a command that is typed well', () => {
  it.each(['--help', 'tasks --help', 'tasks ls --help'])('tells its help and exits with 0: %s', async (words) => {
    const command = start(['node', 'dist/apps/cli/src/main.js', ...words.split(' ')]);
    expect(await command.ended()).toBe(0);
    expect(command.output).toMatch(/^Usage: shunt/);
    if (words === 'tasks ls --help') expect(command.output).toContain('env: SHUNT_CLI_LIMIT)');
  });

  it('exits with 1 where Redis does not answer', async () => {
    const env = { SHUNT_REDIS_URL: `redis://:${secret}@127.0.0.1:1` };
    const command = start(['node', 'dist/apps/cli/src/main.js', 'workers', 'ls'], { env });
    expect(await command.ended()).toBe(1);
    expect(command.output).toMatch(/^Redis at 127\.0\.0\.1:1 does not answer/);
    expect(command.output).not.toContain(secret);
  });

  it('prints a table without colours into a pipe', async ({ pool }) => {
    const command = start(['node', 'dist/apps/cli/src/main.js', 'config', 'show'], {
      env: { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool },
    });
    expect(await command.ended()).toBe(0);
    expect(command.output).toContain('│ strategy ');
    expect(command.output).not.toContain('\u001b');
  });
});

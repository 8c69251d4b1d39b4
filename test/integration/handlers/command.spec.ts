import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { commandHandler } from '../../../apps/worker/src/handlers/command.js';
import { Family } from '../../support/e2e/processes.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { it, type SdkPool } from '../sdk/sdk-pool.js';

/** A worker whose handler `command` runs a script of Node. */
function worker(pool: SdkPool, script: string, ...args: string[]) {
  pool.serve({ command: commandHandler([process.execPath, '-e', script, ...args]) });
}

const failureOf = async (task: { result(): Promise<unknown> }) => (await refusalOf(() => task.result())).message;

/** A folder of the test. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'shunt-command-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Every process that commands of this test start. */
function family(): Family {
  const mark = `COMMAND_OF_TEST=${randomUUID()}`;
  process.env.COMMAND_OF_TEST = mark.split('=')[1];
  return new Family(mark);
}

describe('the handler command', () => {
  it('gives a command the task on stdin, and its output back', async ({ pool, client }) => {
    process.env.SHUNT_SECRET_OF_TEST = 'x';
    onTestFinished(() => {
      delete process.env.SHUNT_SECRET_OF_TEST;
    });
    worker(
      pool,
      `const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
       console.log(JSON.stringify({ given, args: process.argv.slice(1), secret: process.env.SHUNT_SECRET_OF_TEST ?? null, path: !!process.env.PATH }));`,
      'one',
    );
    const task = await client.enqueue('command', { text: 'hi ü' }, { agentId: 'a' });
    expect(await task.result()).toEqual({
      given: {
        task: { id: task.id, name: 'command', metadata: {} },
        attempt: 1,
        agent: { id: 'a', fence: expect.any(Number), home: 'cold' },
        input: { text: 'hi ü' },
      },
      args: ['one'],
      secret: null,
      path: true,
    });
  });

  it('takes no output as null, also of one that reads nothing', async ({ pool, client }) => {
    worker(pool, '');
    expect(await (await client.enqueue('command', 'x'.repeat(200_000))).result()).toBeNull();
  });

  it.for([
    [
      "console.error('first'); console.error('disk full'); process.exit(3)",
      2,
      'the command ended with code 3: disk full',
    ],
    ["console.error('no such goal'); process.exit(65)", 1, 'the command ended with code 65: no such goal'],
    ["process.kill(process.pid, 'SIGKILL')", 2, 'the command ended with SIGKILL'],
    ["console.log('{')", 2, 'the command wrote something that is no JSON'],
    ["process.stdout.write('x'.repeat(1100000))", 1, 'the command wrote more than 1048576 bytes'],
  ] as const)('fails by %s', async ([script, attemptsMade, message], { pool, client }) => {
    worker(pool, script);
    const task = await client.enqueue('command', null, { attempts: 2 });
    expect(await failureOf(task)).toBe(message);
    expect((await task.status()).attemptsMade).toBe(attemptsMade);
  });

  it('says that a program is not there, and that none is set', async ({ pool, client }) => {
    pool.serve({ command: commandHandler(['/no/such/program']), none: commandHandler(undefined) });
    expect(await failureOf(await client.enqueue('command', null))).toBe('the command could not be started: ENOENT');
    expect(await failureOf(await client.enqueue('none', null))).toContain('set SHUNT_COMMAND');
  });

  it('ends a command with all that it started when its task is aborted', async ({ pool, client }) => {
    const file = join(folder(), 'started');
    worker(
      pool,
      `const { spawn } = require('node:child_process');
       process.on('SIGTERM', () => {});
       const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
       require('node:fs').writeFileSync(process.argv[1], 'started');
       setInterval(() => {}, 1000);`,
      file,
    );
    const all = family();
    const task = await client.enqueue('command', null);
    await until(() => existsSync(file) && all.members().length === 2);
    expect(await task.cancel()).toBe('cancelling');
    expect((await refusalOf(() => task.result())).code).toBe('CANCELLED');
    await all.gone(20_000);
  });

  it('leaves nothing behind that a command started', async ({ pool, client }) => {
    worker(
      pool,
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
       console.log(child.pid); process.exit(0)`,
    );
    const all = family();
    expect(await (await client.enqueue('command', null)).result()).toBeGreaterThan(1);
    await all.gone(20_000);
  });
});

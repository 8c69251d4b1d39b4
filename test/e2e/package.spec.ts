import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Command, root } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();
const project = mkdtempSync(join(tmpdir(), 'shunt-project-'));
afterAll(() => rmSync(project, { recursive: true }));

/** Runs a command in the project to its end. @throws when it fails */
async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const command = Command.start(words, { cwd: project, env });
  const exit = await command.ended();
  if (exit !== 0) throw new Error(`${words.join(' ')} ended with ${exit}:\n${command.output}`);
  return command.output;
}

/** Checks and builds a file of the project, as a strict project of modules does. @throws what tsc has to say */
function compile(file: string): Promise<string> {
  const flags =
    '--experimentalDecorators --emitDecoratorMetadata --strict --target es2023 --module nodenext --types node --skipLibCheck --noEmitOnError';
  return run([join(root, 'node_modules/.bin/tsc'), ...flags.split(' '), file]);
}

describe('the package @shunt/sdk in an empty project', () => {
  beforeAll(async () => {
    await run(['npm', 'run', '--prefix', root, 'package', '--', project]);
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    await run(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', './shunt-sdk-0.1.0.tgz']);
    for (const name of ['@types', '@nestjs', 'reflect-metadata', 'rxjs'])
      symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
    cpSync(join(root, 'examples/nest'), join(project, 'nest'), { recursive: true });
    for (const name of ['typed.ts', 'enqueue.mjs', 'handlers.mjs'])
      copyFileSync(join(root, 'examples', name), join(project, name));
    writeFileSync(
      join(project, 'worker.mjs'),
      `import { createWorker } from '@shunt/sdk';
import handlers from './handlers.mjs';
const worker = createWorker({ redis: process.env.SHUNT_REDIS_URL, handlers });
process.on('SIGINT', () => worker.close());
console.log('worker starts');
await worker.run();`,
    );
  });

  it('has types that refuse a wrong input', async () => {
    const wrong = `import { connect } from '@shunt/sdk';
const shunt = connect<{ plan: { input: { goal: string }; output: number } }>();
await shunt.enqueue('plan', { goal: 1 });`;
    writeFileSync(join(project, 'wrong.ts'), wrong);
    await expect(compile('wrong.ts')).rejects.toThrow("Type 'number' is not assignable to type 'string'");
  });

  it('runs the examples against a dispatcher', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    const env = { SHUNT_REDIS_URL: redis.url, SHUNT_HTTP_PORT: '0' };
    const dispatcher = start(['npm', 'run', 'dispatcher'], { env });
    await dispatcher.said(/dispatcher started/);
    await compile('typed.ts');
    expect(await run(['node', 'typed.js'], env)).toBe('hi, a-42 (cold)\n');
    const worker = start(['node', 'worker.mjs'], { env, cwd: project });
    await worker.said(/worker starts/);
    const lines = (await run(['node', 'enqueue.mjs'], env)).trim().split('\n');
    expect(lines).toEqual([
      'hello Ada, for the 1. time, cold',
      'hello Grace, for the 1. time, cold',
      'hello Ada, for the 2. time, warm',
    ]);
    worker.interrupt();
    dispatcher.interrupt();
    expect(await Promise.all([worker.ended(), dispatcher.ended()])).toEqual([0, 0]);
  });

  it('runs the Nest application', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    const env = { SHUNT_REDIS_URL: redis.url, SHUNT_HTTP_PORT: '0', PORT: '0' };
    const dispatcher = start(['npm', 'run', 'dispatcher'], { env });
    await compile('nest/main.ts');
    await dispatcher.said(/dispatcher started/);
    const app = start(['node', 'nest/main.js'], { env, cwd: project });
    const [, url] = await app.said(/listens on (\S+)/);
    const say = async (text: string) => {
      const body = JSON.stringify({ text });
      const answer = await fetch(`${url}/chat/a-42`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return answer.json();
    };
    expect([await say('hi'), await say('there')]).toEqual([{ reply: '1. hi' }, { reply: '2. there' }]);
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toMatchObject([200, { details: { shunt: { status: 'up' } } }]);
    app.interrupt();
    await app.said(/a-42 closed after 2 lines/);
    dispatcher.interrupt();
    expect(await Promise.all([app.ended(), dispatcher.ended()])).toEqual(['SIGINT', 0]);
  });
});

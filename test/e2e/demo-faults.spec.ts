import { describe, expect, it } from 'vitest';
import type { Command } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();

/** A demo of so many workers that has begun to replay. */
async function replaying(workers: number): Promise<Command> {
  const demo = start([
    'npm',
    'start',
    '--',
    '--workers',
    String(workers),
    '--rounds',
    '1',
    '--tasks',
    '800',
    '--speed',
    '120',
  ]);
  await demo.said(/replaying/);
  return demo;
}

function kill(demo: Command, program: RegExp): void {
  process.kill(demo.family.one(program).pid, 'SIGKILL');
}

describe('npm start, when one of its processes is killed', () => {
  it('says which worker ended, goes on with the others and loses nothing', async () => {
    const demo = await replaying(2);
    kill(demo, /apps\/worker\/src\/main/);
    await demo.said(/worker w\d ended \(SIGKILL\): its agents move to the others/);
    expect(await demo.ended()).toBe(0);
    expect(demo.output).toMatch(/tasks done +800 in/);
    expect(demo.output).toMatch(/lost +0\n/);
  });

  it('ends with a clear word when the last worker ended', async () => {
    const demo = await replaying(1);
    kill(demo, /apps\/worker\/src\/main/);
    expect(await demo.ended()).toBe(1);
    expect(demo.output).toContain('worker w1 ended (SIGKILL), the last one');
  });

  it('ends with a clear word when the dispatcher ended', async () => {
    const demo = await replaying(1);
    kill(demo, /apps\/dispatcher\/src\/main/);
    expect(await demo.ended()).toBe(1);
    expect(demo.output).toContain('the dispatcher ended (SIGKILL)');
  });

  it('ends with a clear word when Redis ended', async () => {
    const demo = await replaying(1);
    kill(demo, /redis-server/);
    expect(await demo.ended()).toBe(1);
    expect(demo.output).toMatch(/the Redis at 127\.0\.0\.1:\d+ ended/);
    expect(demo.output).not.toMatch(/^ +at /m);
  });
});

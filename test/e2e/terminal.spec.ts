import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { atTerminal, ctrlC } from '../support/e2e/terminal.js';
import { it, until } from '../support/pool-test.js';

const start = commands();
const shunt = (url: string, pool: string, ...words: string[]) =>
  atTerminal(start, ['node', 'dist/apps/cli/src/main.js', ...words], { SHUNT_REDIS_URL: url, SHUNT_POOL: pool });

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseLine = '\u001b[2K';
const eraseToRight = '\u001b[0K';

/** A trace of three tasks of three agents. */
function traceOfThree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shunt-terminal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'trace.csv.gz');
  writeFileSync(path, gzipSync('t_ms,agent,cost_ms,kind\n0,x,1,new\n5,y,1,new\n9,z,1,new\n'));
  return path;
}

describe('at a terminal', () => {
  it('shunt top redraws what it sees, and gives the cursor back at Ctrl C', async ({ pool }) => {
    pool.dispatcher();
    const top = shunt(pool.url, pool.pool, 'top', '--every', '100ms');
    await top.said(/yard\S* 0/);
    const first = top.output.length;
    await pool.client().enqueue('echo', null);
    await top.said(/yard\S* 1/);
    const second = top.output.slice(first);
    expect(second).toContain(eraseLine);
    expect(second).not.toContain('slots');
    top.type(ctrlC);
    expect(await top.ended()).toBe(0);
    expect(top.output.lastIndexOf(showCursor)).toBeGreaterThan(top.output.lastIndexOf(hideCursor));
  });

  it('shunt top goes on while Redis is away, and sees the pool once that is there', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    await redis.crash();
    const top = shunt(redis.url, 'away', 'top', '--every', '100ms');
    await top.said(/does not answer: nothing listens there/);
    await redis.up();
    await top.said(/yard\S* 0/);
    top.type(ctrlC);
    expect(await top.ended()).toBe(0);
  });

  it('shunt replay draws a bar of what has ended, and clears it when all has', async ({ pool }) => {
    pool.dispatcher();
    const waiting: (() => void)[] = [];
    pool.worker(() => new Promise<void>((resolve) => void waiting.push(resolve)), { concurrency: 3 });
    const replay = shunt(pool.url, pool.pool, 'replay', traceOfThree(), '--speed', '1000');
    await replay.said(/░+ 0\/3 ended/);
    await until(() => waiting.length === 3);
    waiting.pop()?.();
    await replay.said(/█+░+ 1\/3 ended, 0 failed/);
    for (const end of waiting) end();
    await replay.said(/3 of 3 tasks done/);
    expect(await replay.ended()).toBe(0);
    expect(replay.output.split('1/3 ended').at(-1)).toContain(eraseToRight);
  });
});

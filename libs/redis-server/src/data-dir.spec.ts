import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir, claimFileName } from './data-dir.js';
import { identify } from './process-identity.js';

let base: string;
let wanted: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'shunt-spec-'));
  wanted = join(base, 'data');
});
afterEach(() => rmSync(base, { recursive: true }));

const log = () => {};
const deadOwner = { pid: process.pid, started: 'in an earlier life' };

async function leaveClaim(server: unknown): Promise<void> {
  (await claimDataDir(wanted, log)).release();
  writeFileSync(join(wanted, claimFileName), JSON.stringify({ owner: deadOwner, server }));
}

describe('claimDataDir', () => {
  it('makes the wanted directory', async () => {
    const claimed = await claimDataDir(wanted, log);
    expect(claimed.path).toBe(wanted);
    expect(readdirSync(wanted)).toEqual([claimFileName]);
  });

  it('says which directory it cannot use', async () => {
    writeFileSync(wanted, 'a file where the directory should be');
    await expect(claimDataDir(wanted, log)).rejects.toThrow(`Redis cannot keep its data in ${wanted}: EEXIST`);
  });

  it('gives a second copy a directory of its own', async () => {
    const first = await claimDataDir(wanted, log);
    expect((await claimDataDir(wanted, log)).path).toBe(`${wanted}-2`);
    first.release();
    expect((await claimDataDir(wanted, log)).path).toBe(wanted);
  });

  it('gives twenty claims at once no directory twice', async () => {
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => claimDataDir(wanted, log)));
    const paths = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.path] : []));
    expect(new Set(paths).size).toBe(9);
    expect(paths).toHaveLength(9);
  });

  it('removes a temporary directory at release, and no other', async () => {
    const temporary = await claimDataDir(undefined, log);
    const named = await claimDataDir(wanted, log);
    temporary.release();
    named.release();
    expect([existsSync(temporary.path), existsSync(named.path)]).toEqual([false, true]);
  });

  it('kills the server that a dead owner left', async () => {
    const orphan = spawn('sleep', ['60']);
    await leaveClaim(identify(orphan.pid ?? 0));
    const ended = once(orphan, 'exit');
    expect((await claimDataDir(wanted, log)).path).toBe(wanted);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('spares a process that has got the id of the dead server', async () => {
    const bystander = spawn('sleep', ['60']);
    await leaveClaim({ pid: bystander.pid, started: 'in an earlier life' });
    await claimDataDir(wanted, log);
    expect(identify(bystander.pid ?? 0)).not.toBeNull();
    bystander.kill();
  });

  it('takes over a directory whose claim is unreadable', async () => {
    await leaveClaim(null);
    writeFileSync(join(wanted, claimFileName), '{"own');
    expect((await claimDataDir(wanted, log)).path).toBe(wanted);
  });
});

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';

const start = commands();
/** A short demo: a second of replay. */
const short = ['npm', 'start', '--', '--workers', '2', '--tasks', '300', '--speed', '600'];
const bounded = [...short, '--rounds', '1'];

describe('npm start', () => {
  it('replays, loses nothing and tells what to try next', async () => {
    const demo = start(bounded);
    expect(await demo.ended()).toBe(0);
    expect(demo.output).toMatch(/metrics at http:\/\/127\.0\.0\.1:\d+\/metrics/);
    expect(demo.output).toMatch(/tasks done +300 in [\d.]+ s/);
    expect(demo.output).toMatch(/lost +0\n/);
    expect(demo.output).toMatch(/first task +done after [\d.]+ s/);
    expect(demo.output).toMatch(/Try next\n.*npm start -- /);
    expect(demo.output).not.toContain('\u001b');
  });

  it('prints the command that looks at its pool', async () => {
    const demo = start([...short, '--rounds', '100']);
    await demo.said(/replaying/);
    const [, command = ''] = /by command: (.*)\n/.exec(demo.output) ?? [];
    const top = start(['sh', '-c', `${command} --once`]);
    expect(await top.ended()).toBe(0);
    expect(top.output).toMatch(/w1 .*\n(.*\n)*.*all/);
    expect(top.output).not.toContain('\u001b');
    demo.interrupt();
    expect(await demo.ended()).toBe(0);
  });

  it('goes on until Ctrl C, and says so after each round', async () => {
    const demo = start(['npm', 'start', '--', '--workers', '2', '--tasks', '300']);
    await demo.said(/round 2 is sent: \d+ tasks done, 0 failed, \d+ agents moved; again, Ctrl C ends it/);
    demo.interrupt();
    expect(await demo.ended()).toBe(0);
    expect(demo.output).toContain('Try next');
  });

  it('runs twice at once', async () => {
    const demos = [start(bounded), start(bounded)];
    expect(await Promise.all(demos.map((demo) => demo.ended()))).toEqual([0, 0]);
    for (const demo of demos) expect(demo.output).toMatch(/lost +0\n/);
  });

  it('takes another port while a program has its usual one', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const demo = start([...bounded, '--port', String(port)]);
    expect(await demo.ended()).toBe(0);
    other.close();
    const [, taken] = /metrics at http:\/\/127\.0\.0\.1:(\d+)\/metrics/.exec(demo.output) ?? [];
    expect(taken).toMatch(/^\d+$/);
    expect(taken).not.toBe(String(port));
  });

  it('says what is wrong with an option', async () => {
    const demo = start([...short, '--workers', 'many']);
    expect(await demo.ended()).toBe(78);
    expect(demo.output).toContain("option '--workers <n>' is invalid. must be a whole number from 1 to 64");
  });

  it('ends quietly when its reader has seen enough', async () => {
    const demo = start(['sh', '-c', 'npm start -- --rounds 1 --tasks 300 --speed 20 | head -6']);
    expect(await demo.ended()).toBe(0);
    expect(demo.output.split('\n').length).toBeLessThanOrEqual(7);
    expect(demo.output).not.toMatch(/EPIPE|error/i);
  });
});

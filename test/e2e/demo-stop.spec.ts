import { describe, expect, it } from 'vitest';
import type { Command } from '../support/e2e/command.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();
const demo = () => start(['npm', 'start', '--', '--workers', '1', '--tasks', '6000']);
/** What Ctrl C may take at most. */
const promisedMs = 3000;

/** Resolves to how long it took from the signal until nothing of the demo was left. */
async function msToEnd(command: Command, stop: () => void): Promise<number> {
  const startedMs = performance.now();
  stop();
  await command.ended();
  return performance.now() - startedMs;
}

describe('npm start, stopped', () => {
  it('ends within 3 s of Ctrl C while tasks run, and says what was seen', async () => {
    const command = demo();
    await command.said(/ done, .* warm/);
    expect(await msToEnd(command, () => command.interrupt())).toBeLessThan(promisedMs);
    expect(await command.exited).toBe(0);
    expect(command.output).toMatch(/lost +0(?:; \d+ were under way as it ended)?\n/);
    expect(command.output).toContain('Try next');
  });

  it('ends within 3 s of Ctrl C before its processes are ready', async () => {
    const command = demo();
    await command.said(/Redis \S+ at/);
    expect(await msToEnd(command, () => command.interrupt())).toBeLessThan(promisedMs);
    expect(command.output).not.toContain('replaying');
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`leaves nothing behind when npm alone gets ${signal}`, async () => {
      const command = demo();
      await command.said(/replaying/);
      expect(await msToEnd(command, () => command.signal(signal))).toBeLessThan(promisedMs);
    });
  }

  it('leaves nothing behind when it is killed itself', async () => {
    const command = demo();
    await command.said(/replaying/);
    const self = command.family.members().find((member) => /node scripts\/run\.mjs demo/.test(member.command));
    process.kill(self?.pid ?? 0, 'SIGKILL');
    expect(await command.ended()).not.toBe(0);
  });
});

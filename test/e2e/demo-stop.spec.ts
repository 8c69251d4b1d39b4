import { describe, expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';

const start = commands();
const demo = () => start(['npm', 'start', '--', '--workers', '1', '--tasks', '6000']);

describe('npm start, stopped', () => {
  it('ends by Ctrl C while tasks run, and says what was seen', async () => {
    const command = demo();
    await command.said(/ done, .* warm/);
    command.interrupt();
    expect(await command.ended()).toBe(0);
    expect(command.output).toMatch(/lost +0(?:; \d+ were under way as it ended)?\n/);
    expect(command.output).toContain('Try next');
  });

  it('ends by Ctrl C before its processes are ready', async () => {
    const command = demo();
    await command.said(/Redis \S+ at/);
    command.interrupt();
    await command.ended();
    expect(command.output).not.toContain('replaying');
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`leaves nothing behind when npm alone gets ${signal}`, async () => {
      const command = demo();
      await command.said(/replaying/);
      command.signal(signal);
      await command.ended();
    });
  }

  it('leaves nothing behind when it is killed itself', async () => {
    const command = demo();
    await command.said(/replaying/);
    process.kill(command.family.one(/node scripts\/run\.mjs demo/).pid, 'SIGKILL');
    expect(await command.ended()).not.toBe(0);
  });
});

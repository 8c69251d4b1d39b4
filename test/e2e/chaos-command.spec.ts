import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';

const start = commands();

it.each(['nosuch', 'for a minute'])(
  'npm run chaos refuses to run a minute without a fault: --only %j',
  async (only) => {
    const chaos = start(['npm', 'run', 'chaos', '--', '--minutes', '1', '--only', only]);
    expect(await chaos.ended()).toBe(1);
    expect(chaos.output).toContain(`error: no fault of 1 minutes has '${only}' in its name: this would show nothing`);
    expect(chaos.output).not.toContain('passed');
  },
);

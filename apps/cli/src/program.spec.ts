import { version } from '@shunt/probes';
import { expect, it } from 'vitest';
import { shuntProgram } from './program.js';

it.each(['-V', '--version'])('shunt %s tells the version of the package', async (flag) => {
  let told = '';
  const program = (await shuntProgram(flag)).configureOutput({
    writeOut: (text) => {
      told += text;
    },
  });
  await expect(program.parseAsync(['node', 'shunt', flag])).rejects.toMatchObject({ code: 'commander.version' });
  expect(told.trim()).toBe(version);
});

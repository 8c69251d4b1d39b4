import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { givenSettings, type Program } from './given-settings.js';
import type { Environment } from './read-settings.js';

const folder = mkdtempSync(join(tmpdir(), 'shunt-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program: Program = {
  name: 'test',
  about: 'A program',
  settings: ['SHUNT_SETTINGS', 'SHUNT_REDIS_URL', 'SHUNT_POOL', 'SHUNT_SLOTS', 'SHUNT_ZONE'],
};
const given = (argv: string[], environment: Environment = {}) => givenSettings(program, argv, environment);
function fileOf(text: string): string {
  const path = join(folder, 'settings.yaml');
  writeFileSync(path, text);
  return path;
}
function refusal(call: () => unknown) {
  try {
    call();
  } catch (error) {
    return error as { code: string; message: string; details: unknown };
  }
  throw new Error('it was accepted');
}

describe('settings', () => {
  it('come from flags, else the environment, else the file, else the defaults', () => {
    const path = fileOf('SHUNT_SLOTS: 3\nSHUNT_POOL: file\nSHUNT_ZONE: eu-1\nSHUNT_STRATEGY: random\n');
    const found = given(['--slots', '5', '--settings', path], { SHUNT_SLOTS: '4', SHUNT_POOL: 'env' });
    expect(found.values).toMatchObject({ SHUNT_SLOTS: '5', SHUNT_POOL: 'env', SHUNT_ZONE: 'eu-1' });
    const names = ['SHUNT_SLOTS', 'SHUNT_POOL', 'SHUNT_ZONE', 'SHUNT_REDIS_URL'] as const;
    expect(names.map(found.originOf)).toEqual(['flag', 'environment', 'file', 'default']);
  });

  it('are in a file of JSON as well, that the environment names', () => {
    const path = fileOf('{"SHUNT_REDIS_URL": "redis://here", "SHUNT_SLOTS": 2}');
    expect(given([], { SHUNT_SETTINGS: path }).values).toMatchObject({
      SHUNT_REDIS_URL: 'redis://here',
      SHUNT_SLOTS: '2',
    });
  });

  it.each([
    ['an unknown flag', ['--slotz', '3'], /unknown option '--slotz'.*Did you mean --slots\?.*--help/s],
    ['an unknown flag with a value', ['--password=hunter2'], /unknown option '--password'/],
    ['a flag without a value', ['--slots'], /--slots <value>.* argument missing/],
    ['a word too many', ['hunter2'], /too many arguments/],
  ])('refuse %s, without its value', (_, argv, message) => {
    const { code, message: told } = refusal(() => given(argv));
    expect(code).toBe('INVALID_CONFIG');
    expect(told).toMatch(message);
    expect(told).not.toContain('hunter2');
  });

  it.each([
    ['an unknown name', 'SHUNT_SLOT: 3', 'SHUNT_SETTINGS.SHUNT_SLOT', 'did you mean SHUNT_SLOTS?'],
    ['a list', 'SHUNT_SLOTS: [hunter2]', 'SHUNT_SETTINGS.SHUNT_SLOTS', 'must be a text or a number'],
    ['nothing', 'SHUNT_SLOTS:', 'SHUNT_SETTINGS.SHUNT_SLOTS', 'must be a text or a number'],
    ['another file', 'SHUNT_SETTINGS: other.yaml', 'SHUNT_SETTINGS.SHUNT_SETTINGS', 'must not name another file'],
    ['no names', '- hunter2', 'SHUNT_SETTINGS', 'must hold names and values'],
    ['no YAML', 'a: [hunter2', 'SHUNT_SETTINGS', 'is no YAML'],
  ])('refuse a file with %s, naming it without its value', (_, text, field, message) => {
    const { code, details, message: told } = refusal(() => given(['--settings', fileOf(text)]));
    expect(code).toBe('INVALID_CONFIG');
    expect(details).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect(told).not.toContain('hunter2');
  });

  it('refuse a file that is not there', () => {
    const { details } = refusal(() => given([], { SHUNT_SETTINGS: join(folder, 'none.yaml') }));
    expect(details).toEqual([{ field: 'SHUNT_SETTINGS', message: 'names a file that cannot be read (ENOENT)' }]);
  });
});

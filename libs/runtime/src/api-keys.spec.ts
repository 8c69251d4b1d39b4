import { describe, expect, it } from 'vitest';
import { apiKeys } from './api-keys.js';

const one = 'a'.repeat(64);
const other = 'b'.repeat(64);

describe('SHUNT_API_KEYS', () => {
  it('reads keys with their names and roles', () => {
    expect(apiKeys.parse(`ci:submitter:${one}, ops.1:operator:${other}`)).toEqual([
      { name: 'ci', role: 'submitter', sha256: one },
      { name: 'ops.1', role: 'operator', sha256: other },
    ]);
  });

  it.each([
    ['a key that is not hashed', 'ci:submitter:hunter2', 'must be <name>:<role>:<sha256 of the key in hex>'],
    ['an unknown role', `ci:root:${one}`, 'with a role of viewer, submitter, operator, admin'],
    ['no name', `:viewer:${one}`, 'must be <name>'],
    ['a name with a space', `a b:viewer:${one}`, 'must be <name>'],
    ['a trailing comma', `ci:viewer:${one},`, 'must be <name>'],
    ['upper case', `ci:viewer:${one.toUpperCase()}`, 'must be <name>'],
    ['one name twice', `ci:viewer:${one},ci:admin:${other}`, 'must not name two keys the same'],
    ['one key twice', `ci:viewer:${one},ops:admin:${one}`, 'must not hold the same key twice'],
  ])('refuses %s, and tells nothing of it', (_, text, message) => {
    const { error } = apiKeys.safeParse(text);
    expect(error?.issues[0]?.message).toContain(message);
    expect(JSON.stringify(error?.issues)).not.toMatch(/hunter2|aaaa/);
  });
});

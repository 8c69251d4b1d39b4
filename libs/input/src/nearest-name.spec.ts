import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

const known = ['agentId', 'id', 'priority', 'delay', 'attempts', 'backoff', 'dedup', 'keep'];

describe('nearestName', () => {
  it.each([
    ['priorty', 'priority'],
    ['prioirty', 'priority'],
    ['dealy', 'delay'],
    ['atempts', 'attempts'],
    ['AGENTID', 'agentId'],
    ['agent_id', 'agentId'],
    ['backof', 'backoff'],
    ['di', 'id'],
    ['keeps', 'keep'],
  ])('takes %s for %s', (unknown, name) => {
    expect(nearestName(unknown, known)).toBe(name);
  });

  it.each(['', 'zzz', 'concurrency', '__proto__', 'x'.repeat(2 ** 20)])('finds nothing near %s', (unknown) => {
    expect(nearestName(unknown, known)).toBeNull();
  });

  it('finds nothing among no names', () => {
    expect(nearestName('delay', [])).toBeNull();
  });
});

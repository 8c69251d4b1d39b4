import { describe, expect, it } from 'vitest';
import { fullness, type PoolLoad } from './fullness.js';

const load = (usedBytes: number, waitingTasks = 0, limits: Partial<PoolLoad> = {}): PoolLoad => ({
  usedBytes,
  maxBytes: 100,
  waitingTasks,
  maxWaitingTasks: 10,
  oldestAgeMs: 0,
  maxWaitingAgeMs: 1000,
  ...limits,
});

describe('a pool', () => {
  it('is full at three quarters of the memory, and not below', () => {
    expect(fullness(null, load(74.9))).toBeNull();
    expect(fullness(null, load(75))).toBe('memory');
  });

  it('that was full stays so down to 70 % of the memory', () => {
    expect(fullness('memory', load(70))).toBe('memory');
    expect(fullness('memory', load(69.9))).toBeNull();
  });

  it('is never full of memory without maxmemory', () => {
    expect(fullness('memory', load(1e12, 0, { maxBytes: 0 }))).toBeNull();
  });

  it('is full when as many tasks wait as it allows, and stays so down to nine tenths', () => {
    expect(fullness(null, load(0, 9))).toBeNull();
    expect(fullness(null, load(0, 10))).toBe('tasks');
    expect(fullness('tasks', load(0, 9))).toBe('tasks');
    expect(fullness('tasks', load(0, 8))).toBeNull();
  });

  it('is never full of tasks without a limit', () => {
    expect(fullness('tasks', load(0, 1e9, { maxWaitingTasks: null }))).toBeNull();
  });

  it('is full when its next task has waited as long as it allows, and stays so down to nine tenths', () => {
    const aged = (oldestAgeMs: number) => load(0, 0, { oldestAgeMs });
    expect(fullness(null, aged(999))).toBeNull();
    expect(fullness(null, aged(1000))).toBe('age');
    expect(fullness('age', aged(900))).toBe('age');
    expect(fullness('age', aged(899))).toBeNull();
    expect(fullness('age', load(0, 0, { oldestAgeMs: 1e9, maxWaitingAgeMs: null }))).toBeNull();
    expect(fullness('age', load(0, 10, { oldestAgeMs: 1e9 }))).toBe('tasks');
  });

  it('full of both says memory', () => {
    expect(fullness(null, load(80, 20))).toBe('memory');
    expect(fullness('tasks', load(80, 20))).toBe('memory');
  });

  it('full of one does not count as full of the other', () => {
    expect(fullness('tasks', load(72, 0))).toBeNull();
    expect(fullness('memory', load(0, 9))).toBeNull();
  });
});

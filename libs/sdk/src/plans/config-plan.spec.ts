import { describe, expect, it } from 'vitest';
import { configPlan } from './config-plan.js';

const would = (...changes: Parameters<typeof configPlan>[0]['changes']) =>
  configPlan({ version: 4, config: {}, changes }).would;

describe('configPlan', () => {
  it('tells each key, its old and its new value, durations as people write them', () => {
    const told = would(
      { key: 'breaker.probes', from: 3, to: undefined },
      { key: 'sessionTtl', from: undefined, to: 1_800_000 },
      { key: 'strategy', from: 'random', to: 'peak-ewma' },
    );
    expect(told).toBe(
      'breaker.probes: 3 → as the processes say; sessionTtl: as the processes say → 30m; strategy: random → peak-ewma. Every process would apply it within a second.',
    );
  });

  it('tells that nothing would change', () => {
    expect(would()).toBe('It is so already: nothing would change.');
  });
});

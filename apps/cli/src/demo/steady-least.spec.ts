import { describe, expect, it } from 'vitest';
import { SteadyLeast } from './steady-least.js';

describe('SteadyLeast', () => {
  it('tells nothing of what is there for a moment', () => {
    const least = new SteadyLeast(1000);
    expect([least.note(0, 0), least.note(3, 500), least.note(0, 900), least.note(2, 1500)]).toEqual([0, 0, 0, 0]);
  });

  it('tells what stays', () => {
    const least = new SteadyLeast(1000);
    expect([least.note(0, 0), least.note(2, 600), least.note(2, 1100)]).toEqual([0, 0, 2]);
  });
});

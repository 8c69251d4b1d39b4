import { describe, expect, it } from 'vitest';
import { OutcomeWindow } from './outcome-window.js';
import { breakerPresets } from './presets.js';
import { tripOf } from './trip.js';

/** How many attempts of so many agents fail in a row before a worker is out that has done so many well within the window. */
function failuresBeforeTrip(well: number, agents: number): number {
  const { self } = breakerPresets.adaptive;
  const window = new OutcomeWindow(self.windowMs, self.slowMs);
  for (let n = 0; n < well; n++) window.add({ agent: `a${n}`, isFailure: false, durationMs: 10 }, n);
  let failures = 0;
  while (failures < 1000 && tripOf(window.sums(well), self) === null) {
    window.add({ agent: `a${failures++ % agents}`, isFailure: true, durationMs: 10 }, well);
  }
  return failures;
}

describe('the adaptive breaker', () => {
  it.each([
    [0, 10],
    [5, 5],
    [5000, 10],
  ])('of a worker that has ended %s tasks well opens after %s failures in a row', (well, failures) => {
    expect(failuresBeforeTrip(well, 3)).toBe(failures);
  });

  it('does not open for two agents, however often they fail', () => {
    expect(failuresBeforeTrip(5000, 2)).toBe(1000);
  });
});

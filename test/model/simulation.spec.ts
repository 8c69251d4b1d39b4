import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../support/model/apply.js';
import { problemsOf } from '../support/model/invariants.js';
import { anyScript, play } from '../support/model/script.js';
import { sightOf } from '../support/model/sight.js';
import { workOff } from '../support/model/work-off.js';

/** Set to repeat what a failure printed. */
const seed = process.env.MODEL_SEED === undefined ? {} : { seed: Number(process.env.MODEL_SEED) };

describe('the model of a pool', () => {
  it('keeps every task in one place, one current task per agent and their order, whatever is sent again', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        await play(script, ({ command }, after) => expect(problemsOf(after), JSON.stringify(command)).toEqual([]));
      }),
      { numRuns: 400, ...seed },
    );
  });

  it('is not changed by a command that is sent again at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        await play(script, ({ command }, after) =>
          expect(sightOf(apply(after, command)), JSON.stringify(command)).toEqual(sightOf(after)),
        );
      }),
      { numRuns: 200, ...seed },
    );
  });

  it('ends every task once the faults are over', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        const pool = workOff(await play(script, () => undefined));
        expect([...pool.tasks.values()].filter(({ ended }) => ended === undefined)).toEqual([]);
        expect(problemsOf(pool)).toEqual([]);
      }),
      { numRuns: 300, ...seed },
    );
  });
});

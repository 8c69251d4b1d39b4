import { openPatientRedis } from '@shunt/lanes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RealPool } from '../support/model/real-pool.js';
import { anyScript, play, type Step } from '../support/model/script.js';
import { sightOf } from '../support/model/sight.js';

const seed = process.env.MODEL_SEED === undefined ? {} : { seed: Number(process.env.MODEL_SEED) };
const numRuns = Number(process.env.MODEL_RUNS ?? 60);

let redis: ReturnType<typeof openPatientRedis>;
beforeAll(() => {
  redis = openPatientRedis(inject('redisUrl'));
});
afterAll(() => redis.disconnect());

const agents = ['a', 'b', 'c'];

/** Plays a script in the model and in Redis, and compares them after each command. */
async function playBoth(script: readonly Step[]): Promise<void> {
  const real = new RealPool(redis);
  await real.open(agents);
  const sent: string[] = [];
  try {
    await play(script, async ({ command, isRepeated }, after) => {
      await real.send(command);
      sent.push(`${isRepeated ? 'again ' : ''}${JSON.stringify(command)}`);
      expect(await real.sight(['u', 'v'], agents), sent.join('\n')).toEqual(sightOf(after));
    });
  } finally {
    await real.close();
  }
}

describe('the scripts', () => {
  it('do to a pool what the model says, command by command, also when one is executed and sent again', async () => {
    await fc.assert(fc.asyncProperty(anyScript, playBoth), { numRuns, ...seed });
  }, 300_000);
});

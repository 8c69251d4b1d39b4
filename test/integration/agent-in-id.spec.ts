import { agentKeyIn } from '@shunt/lanes';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

const keyText = fc.string({ unit: fc.constantFrom(...'aZ9_.-%%%0F3f :é'), maxLength: 6 });
const idText = fc.tuple(keyText, fc.constantFrom('~', '~x', '~x~y', '~%', '~{b}', '')).map((parts) => parts.join(''));
/** BullMQ takes no id with a colon that is not a schedule's, and none that is a number. */
const isTaken = (id: string) => id !== '' && !/^\d+$/.test(id) && !id.includes(':');
const known = ['50%~x', '%41~x', '%4~x', '%3a~x', '~', 'a~', `${'a'.repeat(256)}~x`, `${'a'.repeat(257)}~x`, 'é~x'];

describe('which agent an id names', () => {
  it('is what the scripts find, by one rule', async ({ pool }) => {
    const ids = [...new Set([...known, ...fc.sample(idText.filter(isTaken), { numRuns: 500, seed: 1 })])];
    const jobs = ids.map((jobId) => ({ name: 'x', data: { agentId: 'other' }, opts: { jobId } }));
    await pool.queue().addBulk(jobs);
    pool.dispatcher();
    await until(async () => (await pool.redis.llen(pool.keys.of('wait'))) === 0);
    const found = await Promise.all(
      ids.map(async (id) => {
        if ((await pool.redis.hexists(pool.keys.of('owners'), id)) === 1) return [id, null];
        const agent = agentKeyIn(id) ?? '';
        const current = await pool.redis.hget(pool.keys.of(`agent:${agent}`), 'cur');
        const waits = await pool.redis.zscore(pool.keys.of(`mailbox:${agent}`), id);
        const isAlone = (await pool.redis.zscore(pool.keys.of('yard'), id)) !== null && agent === '';
        return [id, current === id || waits !== null || isAlone ? agent : undefined];
      }),
    );
    expect(found).toEqual(ids.map((id) => [id, agentKeyIn(id)]));
    expect(found.filter(([, agent]) => agent === null).length).toBeGreaterThan(100);
    expect(found.filter(([, agent]) => agent !== null).length).toBeGreaterThan(100);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScriptName } from '@shunt/lanes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dumpPool } from '../support/resend/dump.js';
import { longMs, Stage } from '../support/resend/stage.js';

type Call = (term: number, prefix: string) => readonly [keys: readonly string[], args: readonly (string | number)[]];

/** What each script that a leader calls is asked for, on a pool that {@link ledPool} has made. */
const calls: Partial<Record<ScriptName, Call>> = {
  advise: (term) => [
    ['leader', 'scale'],
    [term, 'victims', '["w"]'],
  ],
  alerts: (term) => [
    ['leader', 'alerts', 'journal'],
    [term, '{"poison":{}}', 'poison', 'firing', 'a finding'],
  ],
  drain: (term) => [
    ['drained', 'workers', 'routable', 'journal', 'leader'],
    ['w', '1', 5, 'scaler', '', term],
  ],
  evict: (term, prefix) => [
    ['routable', 'lane:w:prioritized', 'leader', 'leases', 'lane:w:slots', 'incarnations', 'journal'],
    [prefix, 'w', 100, term, -2 * longMs, 3, ''],
  ],
  forget: (term, prefix) => [
    ['leases', 'incarnations', 'leader'],
    [prefix, term, -2 * longMs, 100],
  ],
  gate: (term) => [
    ['leader', 'closed'],
    [term, 'memory:1000', longMs],
  ],
  limit: (term, prefix) => [
    ['leader', 'breakers', 'limits', 'routable', 'journal', 'totals'],
    [prefix, term, 'w', '0', '{"state":"open"}', 'open', 'failures', 'life 1'],
  ],
  mend: (term, prefix) => [
    ['leader', 'journal'],
    [prefix, term, longMs, 'lost'],
  ],
  place: (term, prefix) => [
    ['leader', 'routable'],
    [prefix, term, 'late', '', 'a~1', 'w', '', ''],
  ],
  tune: (term) => [
    ['leader', 'pull'],
    [term, 'patienceMs', 100],
  ],
};

/** A pool with something to do for each of them, led under two terms one after the other. */
async function ledPool() {
  const stage = new Stage();
  onTestFinished(() => stage.close());
  const { redis, keys } = stage.pool;
  const leads = async (id: string, leaseMs: number) =>
    ((await stage.call('lead', ['leader', 'journal'], [id, leaseMs, '[]'])) as [number])[0];
  const [old, term] = [await leads('d1', -1), await leads('d2', longMs)];
  await stage.join('w', 'life 1', 3);
  await stage.join('gone', 'life 1');
  await redis.hdel(keys.of('incarnations'), 'gone');
  await stage.add(['a~1', 'lost~1']);
  await redis.zrem(keys.of('yard'), 'lost~1');
  return { stage, old, term };
}

describe('a script that a leader calls', () => {
  it('is in this list, whichever it is', () => {
    const folder = fileURLToPath(new URL('../../libs/lanes/src/scripts/', import.meta.url));
    const files = readdirSync(folder).filter((file) => file.endsWith('.lua') && file !== 'lead.lua');
    const asking = files.filter((file) => readFileSync(folder + file, 'utf8').includes("'term')"));
    expect(asking.map((file) => file.replace('.lua', ''))).toEqual(Object.keys(calls).sort());
  });

  it.each(Object.entries(calls))('%s changes nothing under a term that is over', async (name, call) => {
    const { stage, old, term } = await ledPool();
    const { redis, keys } = stage.pool;
    const ask = async (by: number) => {
      const reply = await stage.call(name as ScriptName, ...call(by, keys.prefix));
      return Number(Array.isArray(reply) ? reply[0] : reply);
    };
    const before = await dumpPool(redis, keys);
    expect(await ask(old)).toBeLessThan(0);
    expect(await dumpPool(redis, keys)).toEqual(before);
    expect(await ask(term)).toBeGreaterThanOrEqual(0);
    expect(await dumpPool(redis, keys)).not.toEqual(before);
  });
});

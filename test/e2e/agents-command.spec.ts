import { describe, expect } from 'vitest';
import { joined, noting } from '../support/agents-pool.js';
import { commands } from '../support/e2e/commands.js';
import { it } from '../support/pool-test.js';

const start = commands();
const shunt = (url: string, pool: string, ...words: string[]) =>
  start(['node', 'dist/apps/cli/src/main.js', 'agents', ...words], { env: { SHUNT_REDIS_URL: url, SHUNT_POOL: pool } });

describe('shunt agents', () => {
  it('pins an agent, shows it, unpins, releases, moves, pauses and resumes it', async ({ pool }) => {
    pool.dispatcher();
    noting(pool, 'w1');
    await joined(pool, 1);
    const run = async (...words: string[]) => {
      const command = shunt(pool.url, pool.pool, ...words);
      expect(await command.ended()).toBe(0);
      return command.output.trim();
    };
    expect(await run('pin', 'a', 'w1', '--ttl', '1h', '--soft')).toBe('agent a is pinned to worker w1');
    await (await pool.client().enqueue('one', {}, { agentId: 'a' })).result();
    expect(await run('get', 'a')).toMatch(/a.*w1.*\d+.*-.*idle.*0.*w1 \(soft\).*Z/);
    const pin = { worker: 'w1', kind: 'soft', untilMs: expect.any(Number) };
    expect(JSON.parse(await run('get', 'a', '-o', 'json'))).toMatchObject({ id: 'a', home: 'w1', task: null, pin });
    expect(await run('unpin', 'a')).toBe('agent a is pinned no more');
    expect(await run('unpin', 'a')).toBe('agent a was not pinned');
    expect(JSON.parse(await run('release', 'a', '-o', 'json'))).toMatchObject({ id: 'a', home: null, pin: null });
    expect(await run('release', 'a')).toBe('agent a had no home');
    expect(await run('move', 'a', 'w1')).toBe('agent a goes to worker w1 with its next task');
    expect(await run('pause', 'a', '--dry-run')).toMatch(/^Its tasks would wait, in order/);
    expect(await run('pause', 'a', '--by', 'anna')).toBe('agent a is paused');
    expect(await run('resume', 'a')).toBe('agent a goes on');
  });

  it('says in one line what is wrong', async ({ pool }) => {
    const unknown = shunt(pool.url, pool.pool, 'pin', 'a', 'w9');
    expect(await unknown.ended()).toBe(1);
    expect(unknown.output.trim()).toBe('there is no such worker in this pool');
    const bad = shunt(pool.url, pool.pool, 'pin', 'a', 'w9', '--ttl', 'soon');
    expect(await bad.ended()).toBe(78);
    expect(bad.output).toContain('ttl must be whole milliseconds');
    const away = shunt('redis://127.0.0.1:1', pool.pool, 'get', 'a');
    expect(await away.ended()).toBe(1);
    expect(away.output.trim()).toMatch(
      /^Redis at 127\.0\.0\.1:1 does not answer: nothing listens there .*`npm run redis`/,
    );
  });
});

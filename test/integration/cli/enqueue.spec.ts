import { describe, expect, vi } from 'vitest';
import { runShunt } from '../../support/cli/run-shunt.js';
import { until } from '../../support/pool-test.js';
import { it } from '../sdk/sdk-pool.js';

const echo = (input: unknown) => input;
const enqueueing = ['enqueue', 'echo', '-i', '1', '--agent', 'a', '--id', 'one'];

describe('enqueue', () => {
  it.for([
    ['--wait', '1'],
    ['--follow', /^completed /m],
  ] as const)('%s tells the id of its task before that runs, beside its output', async ([flag, said], { pool }) => {
    const ended = runShunt(pool, ...enqueueing, flag);
    await until(async () => vi.isMockFunction(console.error) && vi.mocked(console.error).mock.calls.length > 0);
    pool.serve({ echo });
    const { output, aside } = await ended;
    expect(aside).toBe('task a~one is enqueued');
    expect(output).toEqual(expect.stringMatching(said));
    expect((await runShunt(pool, ...enqueueing, flag)).aside).toBe('task a~one was there already');
  });

  it('says nothing beside its output as JSON, which holds the id', async ({ pool }) => {
    pool.serve({ echo });
    for (const form of ['json', 'jsonl'])
      expect((await runShunt(pool, ...enqueueing, '--wait', '-o', form)).aside).toBe('');
  });
});

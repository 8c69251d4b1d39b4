import { describe, expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

describe('a job scheduler', () => {
  it('may have a tilde in its id: the agent is the one its data names', async ({ pool }) => {
    const agents: unknown[] = [];
    pool.dispatcher();
    pool.worker(async (job, worker) => agents.push(worker.agentOf(job.id ?? '')?.agent));
    const queue = pool.queue();
    await queue.upsertJobScheduler('s~1', { every: 20, limit: 2 }, { name: 'tick', data: { agentId: 'a' } });
    await until(() => agents.length === 2);
    expect(agents).toEqual(['a', 'a']);
  });
});

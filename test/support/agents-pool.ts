import type { LaneWorkerOptions } from '@shunt/lanes';
import type { Job } from 'bullmq';
import { Signal, type TestPool } from './pool.js';
import { until } from './pool-test.js';

/** A worker that notes what it runs; a task with `held` in its input runs until `go`. */
export function noting(pool: TestPool, workerId: string, options: Partial<LaneWorkerOptions> = {}) {
  const ran: string[] = [];
  const go = new Signal();
  const worker = pool.worker(
    async (job: Job) => {
      ran.push(job.name);
      if (job.data.held) await go.seen;
    },
    { workerId, ...options },
  );
  return { worker, ran, go };
}

/** Resolves once that many workers may receive. */
export async function joined(pool: TestPool, workers: number): Promise<void> {
  await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === workers);
}

/** What the journal tells of an agent, oldest first: event, worker and reason of each entry. */
export async function told(pool: TestPool, agent: string): Promise<string[]> {
  const entries = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
  return entries.flatMap(([, flat]) => {
    const fields: Record<string, string> = {};
    for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
    return fields.agent === agent ? [`${fields.event} ${fields.worker} ${fields.reason ?? fields.by}`] : [];
  });
}

/** A process of a crew: a worker or a dispatcher that tells its parent each start, and is killed when it has served. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Dispatcher } from '@shunt/lanes';
import { createWorker } from '@shunt/sdk';
import { type Job, Worker } from 'bullmq';
import { nowUs } from '../clock.js';
import { type Behaviour, type CrewInput, type CrewTask, slowBy, type ToldStart, taskName } from './crew-task.js';

const told = JSON.parse(process.argv[2] ?? '{}') as CrewTask;
const { redisUrl, pool, id } = told;
let behaviour: Behaviour = 'behaviour' in told ? told.behaviour : 'pass';
let starts: ToldStart[] = [];

async function run(task: string, { t, runMs }: CrewInput): Promise<void> {
  starts.push([task, t, nowUs()]);
  if (behaviour === 'fail') throw new Error('a planned failure');
  if (behaviour === 'hold') await new Promise(() => undefined);
  if (runMs > 0) await sleep(behaviour === 'slow' ? slowBy * runMs : runMs);
}

async function begin(): Promise<void> {
  if (told.role === 'dispatcher') {
    const { leaseMs: lease, sweepMs: sweep } = told.profile;
    const breaker = { openMs: told.openMs };
    const dispatcher = new Dispatcher({ redis: redisUrl, pool, dispatcherId: id, lease, sweep, breaker });
    // One that was stopped finds connections that fell silent; what it does about them is what is measured.
    dispatcher.on('error', () => undefined);
    dispatcher.start();
    return;
  }
  if (told.role === 'plain-worker') {
    const connection = { url: redisUrl } as never;
    const handle = (job: Job) => run(job.id ?? '', job.data);
    const worker = new Worker(pool, handle, { connection, concurrency: told.slots });
    await worker.waitUntilReady();
    return;
  }
  const { heartbeatMs: heartbeat, leaseMs: lease } = told.profile;
  const handlers = { [taskName]: (input: CrewInput, { task }: { task: { id: string } }) => run(task.id, input) };
  const { slots, labels } = told;
  const worker = createWorker({ redis: redisUrl, pool, id, slots, labels, heartbeat, lease, handlers });
  worker.run().catch((error) => {
    throw error;
  });
  await worker.lane.waitUntilReady();
}

setInterval(() => {
  if (starts.length > 0) process.send?.(starts);
  starts = [];
}, 5);
process.on('message', (next: Behaviour) => {
  behaviour = next;
});
process.on('disconnect', () => process.exit(1));
await begin();
process.send?.('ready');

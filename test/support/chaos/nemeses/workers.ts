import { setTimeout as sleep } from 'node:timers/promises';
import type { Blocked, Sick, Slowed, WorkerOrder } from '../../harness/worker-task.js';
import { standStill, withinPatience } from '../evidence.js';
import type { Nemesis, Site } from '../nemesis.js';

/** Kills a worker, and starts it again after so many ms. Resolves to how it ended. */
async function killAndRestart({ run }: Site, worker: string, awayMs: number): Promise<string> {
  const end = await run.processes.end(worker, 'SIGKILL');
  if (end !== 'SIGKILL') throw new Error(`${worker} had ended before, with ${end}`);
  await sleep(awayMs);
  await run.startWorker(worker);
  return `ended by ${end}, back after ${awayMs} ms`;
}

const kill: Nemesis = {
  name: 'worker kill',
  target: 'worker',
  excuses: 'victim',
  leases: 2.5,
  strike: (site, worker) => killAndRestart(site, worker, site.random() < 0.5 ? 0 : 2 * site.leaseMs),
};

const flap: Nemesis = {
  name: 'worker flapping',
  target: 'worker',
  excuses: 'victim',
  leases: 2,
  strike: async (site, worker) => {
    for (let life = 0; life < 3; life++) {
      if (life > 0) site.run.fault('worker flapping', `life ${life + 1}`, worker);
      await killAndRestart(site, worker, 100);
    }
    return 'ended by SIGKILL three times';
  },
};

/** The worker ends itself where the order says, so that the crash falls between two steps. */
function dieAt(name: string, place: NonNullable<WorkerOrder['dieAt']>): Nemesis {
  return {
    name,
    target: 'worker',
    excuses: 'victim',
    leases: 2.5,
    strike: async ({ run }, worker) => {
      const ended = run.processes.awaitEnd(worker);
      run.processes.tell(worker, { dieAt: place } satisfies WorkerOrder);
      const end = await withinPatience(`the death of ${worker} at ${place}`, ended);
      run.fault(name, 'died', worker);
      if (end !== 'SIGKILL') throw new Error(`${worker} ended with ${end}`);
      await run.startWorker(worker);
      return `ended itself by ${end} at ${place}`;
    },
  };
}

/** What Redis knows of a worker: the life that is registered, and the one that beat last. */
async function livesOf({ run }: Site, worker: string): Promise<{ joined: string; beat: string }> {
  const [joined, load] = await Promise.all([
    run.redis.hget(run.keys.of('incarnations'), worker),
    run.redis.hget(run.keys.of('load'), worker),
  ]);
  return { joined: joined ?? '', beat: load === null ? '' : String(JSON.parse(load).incarnation) };
}

/** Kills a worker, and has its next life end itself before it joins, or between that and its first heartbeat. */
function dieAtStart(name: string, diesBefore: 'join' | 'heartbeat'): Nemesis {
  return {
    name,
    target: 'worker',
    excuses: 'victim',
    leases: 5,
    strike: async (site, worker) => {
      const { run } = site;
      const first = await run.processes.end(worker, 'SIGKILL');
      const before = await livesOf(site, worker);
      const end = await run.startDoomedWorker(worker, diesBefore);
      run.fault(name, 'died', worker);
      const after = await livesOf(site, worker);
      await run.startWorker(worker);
      if (first !== 'SIGKILL' || end !== 'SIGKILL') throw new Error(`${worker} ended with ${first}, then ${end}`);
      const isNew = after.joined !== '' && after.joined !== before.joined;
      if (diesBefore === 'join') {
        if (isNew) throw new Error(`${worker} had joined as ${after.joined}`);
        return 'ended itself by SIGKILL, no life of it had joined';
      }
      if (!isNew || after.beat === after.joined)
        throw new Error(`${worker} joined as ${after.joined}, beat as ${after.beat}`);
      return 'ended itself by SIGKILL as a life that had joined and never beat';
    },
  };
}

function stop(name: string, leases: number): Nemesis {
  return {
    name,
    target: 'worker',
    excuses: 'victim',
    leases: leases + 1,
    strike: async ({ run, leaseMs }, worker) => {
      return standStill(run.processes.stoppable(worker), leases * leaseMs, () => run.fault('continue', worker, worker));
    },
  };
}

const block: Nemesis = {
  name: 'worker event loop blocked',
  target: 'worker',
  excuses: 'victim',
  leases: 3,
  strike: async ({ run, leaseMs }, worker) => {
    const blocked = withinPatience(`the end of the block of ${worker}`, run.processes.told(worker));
    run.processes.tell(worker, { blockMs: 1.5 * leaseMs } satisfies WorkerOrder);
    const { blockedMs } = (await blocked) as Blocked;
    run.fault('worker event loop blocked, over', worker, worker);
    return `blocked for ${Math.round(blockedMs)} ms`;
  },
};

const exhaust: Nemesis = {
  name: 'worker heap exhausted',
  target: 'worker',
  excuses: 'victim',
  leases: 2.5,
  strike: async ({ run }, worker) => {
    const ended = run.processes.awaitEnd(worker);
    run.processes.tell(worker, { exhaustHeap: true } satisfies WorkerOrder);
    const end = await withinPatience(`the end of ${worker} by V8`, ended);
    run.fault('worker heap exhausted', 'died', worker);
    if (end !== 'SIGABRT') throw new Error(`${worker} ended with ${end}`);
    await run.startWorker(worker);
    return 'ended by V8, SIGABRT';
  },
};

/** A worker that does its tasks worse for two leases. shown: what the first one that it tells says. */
function worsen<Told>(
  name: string,
  [begin, end]: readonly [WorkerOrder, WorkerOrder],
  shown: (told: Told) => string,
): Nemesis {
  return {
    name,
    target: 'worker',
    excuses: 'nothing',
    leases: 3,
    strike: async ({ run, leaseMs }, worker) => {
      const first = withinPatience(`a task by which ${worker} shows that`, run.processes.told(worker));
      run.processes.tell(worker, begin);
      const [told] = await Promise.all([first, sleep(2 * leaseMs)]);
      run.processes.tell(worker, end);
      return `for ${2 * leaseMs} ms or more, ${shown(told as Told)}`;
    },
  };
}

const slow = worsen<Slowed>(
  'worker ten times slower',
  [{ slowBy: 10 }, { slowBy: 1 }],
  ({ tookMs }) => `one task took ${tookMs} ms`,
);

const sick = worsen<Sick>(
  'worker fails everything',
  [{ isSick: true }, { isSick: false }],
  ({ failedTask }) => `${failedTask} failed first`,
);

const killAll: Nemesis = {
  name: 'all workers killed, one back first',
  target: 'workers',
  excuses: 'nothing',
  leases: 4,
  strike: async ({ run, workers, leaseMs }) => {
    for (const worker of workers) run.fault('worker kill', worker, worker);
    const ends = await Promise.all(workers.map((worker) => run.processes.end(worker, 'SIGKILL')));
    if (ends.some((end) => end !== 'SIGKILL')) throw new Error(`some worker had ended before: ${ends.join(', ')}`);
    const [first = '', ...others] = workers;
    await run.startWorker(first);
    await sleep(2 * leaseMs);
    await Promise.all(others.map((worker) => run.startWorker(worker)));
    return `${ends.length} ended by SIGKILL, ${first} alone for ${2 * leaseMs} ms`;
  },
};

const term: Nemesis = {
  name: 'worker SIGTERM',
  target: 'worker',
  excuses: 'nothing',
  leases: 2.5,
  strike: async ({ run }, worker) => {
    const end = await withinPatience(`the end of ${worker}`, run.processes.end(worker, 'SIGTERM'));
    if (end !== 0 && end !== 1) throw new Error(`${worker} ended with ${end}`);
    await run.startWorker(worker);
    return end === 0 ? 'ended with 0' : 'ended with 1, as Redis was out of its reach';
  },
};

const twin: Nemesis = {
  name: 'worker id twice',
  target: 'worker',
  excuses: 'nothing',
  leases: 2,
  strike: async ({ run }, worker) => {
    const second = `${worker} again`;
    const { processes } = run;
    await run.startWorker(worker, second);
    const firstEnd = processes.awaitEnd(worker).then((end) => ({ end, which: 'first', survivor: second }));
    const secondEnd = processes.awaitEnd(second).then((end) => ({ end, which: 'second', survivor: worker }));
    const { end, which, survivor } = await withinPatience(
      `the end of one ${worker}`,
      Promise.race([firstEnd, secondEnd]),
    );
    if (end !== 1) throw new Error(`the ${which} ${worker} ended with ${end}`);
    processes.rename(survivor, worker);
    return `the ${which} process ended with 1`;
  },
};

/** What strikes the process of one worker, or of all. */
export const workerNemeses: readonly Nemesis[] = [
  kill,
  flap,
  dieAt('worker dies between pick-up and start', 'pick-up'),
  dieAt('worker dies between effect and finish', 'effect'),
  dieAtStart('worker dies before it joins', 'join'),
  dieAtStart('worker dies before its first heartbeat', 'heartbeat'),
  stop('worker stopped half a lease', 0.5),
  stop('worker stopped three leases', 3),
  block,
  exhaust,
  slow,
  sick,
  term,
  twin,
  killAll,
];

import type { Strategy } from '../strategy.js';
import type { WorkerSnapshot } from '../worker-snapshot.js';

/** Each worker in turn, by id; remembers the one it picked last. */
export const roundRobin: Strategy<string> = {
  name: 'round-robin',
  initial: () => '',
  pick: (last, _task, free) => {
    const next = lowestId(free.filter(({ id }) => id > last)) ?? lowestId(free);
    const worker = (next as WorkerSnapshot).id;
    return { worker, state: worker };
  },
};

function lowestId(workers: readonly WorkerSnapshot[]): WorkerSnapshot | undefined {
  return workers.reduce<WorkerSnapshot | undefined>(
    (low, worker) => (low === undefined || worker.id < low.id ? worker : low),
    undefined,
  );
}

import { Candidate } from './candidate.js';
import { hasLabels, isRoutable, type PlacementTask } from './eligibility.js';
import type { Chance, Memory, Strategy } from './strategy.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** A task and the worker picked for it. */
export interface Assignment {
  readonly task: string;
  readonly worker: string;
  /** What made the strategy pick it, where the strategy says so. */
  readonly grounds?: string;
}

/**
 * When a task of the yard is bound: `late`, to a worker that has a free slot for it, or `early`, at once to one of all that may run it,
 * however busy.
 */
export type Binding = 'late' | 'early';

/**
 * Places tasks in order, each on a worker with a free slot, or with `early` on any worker, counting its own placements. What finds none stays where it is
 * and holds up no task after it.
 *
 * Costs one pass over the workers per placed task; ends early once no worker is free. What is remembered of a worker that
 * is not in the list is forgotten.
 *
 * @throws TypeError when the strategy picks no worker with a free slot: a bug of a custom one
 */
export function placeBatch(
  strategy: Strategy,
  memory: Memory,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
  chance: Chance,
  bind: Binding = 'late',
): { placements: readonly Assignment[]; state: Memory } {
  const known = workers.map((worker) => new Candidate(worker, memory.get(worker.id) ?? 0));
  const routable = known.filter(({ worker }) => isRoutable(worker));
  const isOpen = ({ isFree }: Candidate) => bind === 'early' || isFree;
  const open = routable.filter(isOpen);
  const placements: Assignment[] = [];
  for (const task of tasks) {
    if (open.length === 0) break;
    const among = eligibleFor(task, routable);
    const picked = pickFor(strategy, task, open, among, chance, isOpen);
    if (picked === null) continue;
    if (picked === undefined || !isOpen(picked))
      throw new TypeError(`strategy ${strategy.name} picked no worker with a free slot`);
    const grounds = strategy.grounds?.(task, picked, among);
    picked.tasks++;
    if (!isOpen(picked)) open.splice(open.indexOf(picked), 1);
    placements.push({ task: task.id, worker: picked.id, ...(grounds === undefined ? {} : { grounds }) });
  }
  return { placements, state: memoryOf(known) };
}

/** Picks among the eligible workers; null when none of those is open to the task. */
function pickFor(
  strategy: Strategy,
  task: PlacementTask,
  open: readonly Candidate[],
  eligible: readonly Candidate[],
  chance: Chance,
  isOpen: (candidate: Candidate) => boolean,
): Candidate | null {
  const free = takesAny(task) ? open : eligible.filter(isOpen);
  return free.length === 0 ? null : strategy.pick(task, free, eligible, chance);
}

/** Whether any worker may run the task. */
const takesAny = ({ labels, avoid }: PlacementTask) => labels === undefined && avoid === undefined;

/** Workers that carry the task's labels, without those it avoids unless there is no other. */
function eligibleFor(task: PlacementTask, routable: readonly Candidate[]): readonly Candidate[] {
  if (takesAny(task)) return routable;
  const carrying = routable.filter(({ worker }) => hasLabels(task, worker));
  const wanted = carrying.filter(({ id }) => !task.avoid?.has(id));
  return wanted.length === 0 ? carrying : wanted;
}

function memoryOf(known: readonly Candidate[]): Memory {
  return new Map(known.filter(({ memory }) => memory !== 0).map(({ id, memory }) => [id, memory]));
}

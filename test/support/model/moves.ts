import {
  agentOf,
  enterLane,
  leaveLane,
  longestOffered,
  type ModelAgent,
  type ModelWorker,
  type PoolState,
  sorted,
  taskOf,
  workerOf,
} from './state.js';

/** A task that is in no list yet, with the score it goes by. */
interface Hand {
  readonly id: string;
  readonly score: number;
}

/** A task takes its number, and waits behind its agent's current one or becomes it. */
export function arrive(pool: PoolState, id: string): void {
  const task = taskOf(pool, id);
  task.arrival = ++pool.seq;
  task.score = scoreOf(task.arrival, task.priority);
  if (task.agent === '') return void pool.yard.set(id, task.score);
  const agent = agentOf(pool, task.agent);
  if (agent.current === undefined && !agent.isPaused) release(pool, id);
  else agent.mailbox.push(id);
}

/** A task that is current, or whose agent is idle, goes to the lane of its home, else to the yard; of a paused agent before all that wait. */
export function release(pool: PoolState, id: string): void {
  const { agent, score = 0 } = taskOf(pool, id);
  if (agent === '') return void pool.yard.set(id, score);
  const owner = agentOf(pool, agent);
  if (owner.isPaused) return void shelve(owner, id);
  owner.current = id;
  dispatch(pool, owner.home, { id, score });
}

/** A current task waits before all others of its agent. */
export function shelve(agent: ModelAgent, id: string): void {
  delete agent.current;
  agent.mailbox.unshift(id);
}

/** After a task is gone for good its agent's next one goes on; for a worker about to pull it is returned instead. */
export function settle(pool: PoolState, id: string, pulling?: string): Hand | undefined {
  const agent = agentOf(pool, taskOf(pool, id).agent);
  if (taskOf(pool, id).agent === '' || agent.current !== id) return undefined;
  delete agent.current;
  return agent.isPaused ? undefined : goOn(pool, agent, pulling);
}

/** An agent without a current task goes on with its next one; for a worker about to pull it is returned instead. */
export function goOn(pool: PoolState, agent: ModelAgent, pulling?: string): Hand | undefined {
  const next = agent.mailbox.shift();
  if (next === undefined) return undefined;
  agent.current = next;
  const hand = { id: next, score: taskOf(pool, next).score ?? 0 };
  if (pulling !== undefined && agent.home === pulling && workerOf(pool, pulling).slots > 0) return hand;
  dispatch(pool, agent.home, hand);
  return undefined;
}

/**
 * A free slot takes the oldest of its lane, the yard and the task in hand; only when there is none, what others were offered for
 * longest. Returns whether it took one.
 */
export function pull(pool: PoolState, name: string, token: string, hand?: Hand): boolean {
  const worker = workerOf(pool, name);
  const id = takeOldest(pool, name, hand) ?? (worker.slots > 0 ? longestOffered(pool) : undefined);
  if (id === undefined) return false;
  leaveLane(pool, id);
  pool.yard.delete(id);
  bind(pool, id, name, worker);
  worker.running.set(token, id);
  return true;
}

/** The oldest of a worker's lane, the yard and the task in hand, which goes to the lane when it is not. */
function takeOldest(pool: PoolState, name: string, hand?: Hand): string | undefined {
  const worker = workerOf(pool, name);
  let oldest = hand;
  for (const source of worker.slots > 0 ? [worker.lane, pool.yard] : [worker.lane]) {
    const [id] = sorted(source);
    const score = id === undefined ? undefined : source.get(id);
    if (id !== undefined && score !== undefined && (oldest === undefined || score < oldest.score))
      oldest = { id, score };
  }
  if (hand !== undefined && oldest !== hand) enterLane(pool, name, hand.id, hand.score);
  return oldest?.id;
}

/** Gives a task's agent to the present life of a worker, unless it is there. */
export function bind(pool: PoolState, id: string, name: string, worker: ModelWorker, mayStay = false): void {
  const { agent } = taskOf(pool, id);
  if (agent === '') return;
  const owner = agentOf(pool, agent);
  const life = `${name}:${worker.life ?? ''}`;
  if (owner.home === name && (mayStay || owner.held === life)) return;
  owner.home = name;
  owner.held = life;
  pool.binds++;
}

/** What a life of a worker ran goes back to where it can be taken. */
export function endLife(pool: PoolState, worker: ModelWorker): void {
  const left = [...worker.running.values()];
  worker.running.clear();
  worker.before.clear();
  for (const id of left) release(pool, id);
}

function dispatch(pool: PoolState, home: string | undefined, { id, score }: Hand): void {
  if (home !== undefined && workerOf(pool, home).slots > 0) enterLane(pool, home, id, score);
  else pool.yard.set(id, score);
}

const prioritised = 2 ** 52;
const arrivals = 2 ** 31;

function scoreOf(arrival: number, priority: number): number {
  return priority === 0 ? arrival : prioritised + priority * arrivals + (arrival % arrivals);
}

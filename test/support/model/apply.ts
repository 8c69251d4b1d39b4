import type { Command } from './commands.js';
import { arrive, bind, endLife, goOn, pull, release, settle, shelve } from './moves.js';
import { agentOf, enterLane, leaveLane, type PoolState, taskOf, workerOf } from './state.js';

/** The pool after a command, whether it is sent for the first time or again. The state that is given stays as it is. */
export function apply(state: PoolState, command: Command): PoolState {
  const pool = structuredClone(state);
  pool.step++;
  const step = steps[command.kind] as (pool: PoolState, command: Command) => void;
  step(pool, command);
  return pool;
}

type Steps = {
  readonly [Kind in Command['kind']]: (pool: PoolState, command: Extract<Command, { kind: Kind }>) => void;
};

const steps: Steps = {
  enqueue: (pool, { id, agent, priority, delayMs }) => {
    if (pool.tasks.has(id)) return;
    takeIntake(pool);
    pool.tasks.set(id, { id, agent, priority });
    if (delayMs > 0) pool.delayed.set(id, delayMs);
    else arrive(pool, id);
  },
  add: (pool, { id, agent }) => {
    if (pool.tasks.has(id)) return;
    pool.tasks.set(id, { id, agent, priority: 0 });
    pool.intake.push(id);
  },
  shunt: takeIntake,
  promote: (pool, { untilMs }) => {
    const due = [...pool.delayed]
      .filter(([, delayMs]) => delayMs <= untilMs)
      .sort(([, left], [, right]) => left - right);
    for (const [id] of due) {
      pool.delayed.delete(id);
      arrive(pool, id);
    }
  },
  pull: (pool, { worker, life, token }) => fetch(pool, worker, life, token),
  settle: (pool, { worker: name, life, token, id, outcome, mayFetch }) => {
    const worker = workerOf(pool, name);
    if (worker.running.get(token) !== id) {
      const wasDone = worker.before.get(token) === id || worker.settled.get(token) === id;
      if (wasDone && mayFetch) fetch(pool, name, life, token);
      return;
    }
    taskOf(pool, id).ended = outcome;
    const hand = settle(pool, id, mayFetch ? name : undefined);
    if (mayFetch && pull(pool, name, token, hand)) worker.before.set(token, id);
    else leaveSlot(pool, name, token, id);
  },
  retry: (pool, { worker, token, id }) => {
    if (workerOf(pool, worker).running.get(token) !== id) return;
    leaveSlot(pool, worker, token, id);
    release(pool, id);
  },
  place: (pool, { id, worker: name }) => {
    const worker = workerOf(pool, name);
    const score = pool.yard.get(id);
    if (score === undefined || worker.slots - worker.running.size - worker.lane.size <= 0) return;
    pool.yard.delete(id);
    bind(pool, id, name, worker, true);
    enterLane(pool, name, id, score);
  },
  join: (pool, { worker: name, life, slots, replaces }) => {
    const worker = workerOf(pool, name);
    const isNew = worker.life !== life;
    if (isNew && worker.life !== undefined && worker.life !== replaces) return;
    worker.life = life;
    worker.slots = slots;
    if (isNew) endLife(pool, worker);
  },
  beat: (pool, { worker, life, slots }) => {
    if (workerOf(pool, worker).life === life) workerOf(pool, worker).slots = slots;
  },
  drain: (pool, { worker, life }) => {
    if (workerOf(pool, worker).life === life) empty(pool, worker);
  },
  clear: (pool, { worker }) => empty(pool, worker),
  evict: (pool, { worker: name }) => {
    const worker = workerOf(pool, name);
    empty(pool, name);
    endLife(pool, worker);
    delete worker.life;
  },
  cancel: (pool, { id }) => {
    const task = taskOf(pool, id);
    const mailbox = pool.agents.get(task.agent)?.mailbox ?? [];
    const lists = [pool.intake, mailbox].filter((list) => list.includes(id));
    const isFound = lists.length > 0 || [pool.yard, pool.delayed, pool.offers].some((set) => set.has(id));
    if (task.ended !== undefined || !isFound) return;
    for (const list of lists) list.splice(list.indexOf(id), 1);
    pool.yard.delete(id);
    pool.delayed.delete(id);
    leaveLane(pool, id);
    task.ended = 'failed';
    settle(pool, id);
  },
  pause: (pool, { agent: name, nonce }) => {
    const agent = agentOf(pool, name);
    const { current, asked, isPaused = false } = agent;
    if (asked === nonce || isPaused) return;
    Object.assign(agent, { isPaused: true, asked: nonce });
    if (current === undefined || !(pool.yard.has(current) || pool.offers.has(current))) return;
    pool.yard.delete(current);
    leaveLane(pool, current);
    shelve(agent, current);
  },
  resume: (pool, { agent: name, nonce }) => {
    const agent = agentOf(pool, name);
    if (agent.asked === nonce || !agent.isPaused) return;
    Object.assign(agent, { isPaused: false, asked: nonce });
    if (agent.current === undefined) goOn(pool, agent);
  },
};

function takeIntake(pool: PoolState): void {
  for (const id of pool.intake.splice(0)) arrive(pool, id);
}

function fetch(pool: PoolState, name: string, life: string, token: string): void {
  const worker = workerOf(pool, name);
  if (!worker.running.has(token) && worker.life === life) pull(pool, name, token);
}

function leaveSlot(pool: PoolState, name: string, token: string, id: string): void {
  const worker = workerOf(pool, name);
  worker.running.delete(token);
  worker.before.delete(token);
  worker.settled.set(token, id);
}

function empty(pool: PoolState, name: string): void {
  const worker = workerOf(pool, name);
  worker.slots = 0;
  for (const [id, score] of worker.lane) {
    leaveLane(pool, id);
    pool.yard.set(id, score);
  }
}

import { type PoolState, sorted } from './state.js';

/** What of a pool a model and Redis can be compared by: which task is where, in what order, and who holds which agent. */
export interface Sight {
  readonly intake: readonly string[];
  readonly yard: readonly string[];
  readonly delayed: readonly string[];
  readonly ended: Readonly<Record<string, string>>;
  readonly lanes: Readonly<Record<string, readonly string[]>>;
  readonly slots: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Slots of the workers that may receive. */
  readonly routable: Readonly<Record<string, number>>;
  readonly lives: Readonly<Record<string, string>>;
  readonly homes: Readonly<Record<string, string>>;
  readonly current: Readonly<Record<string, string>>;
  readonly mailboxes: Readonly<Record<string, readonly string[]>>;
  /** Agents that an operator has paused, by name. */
  readonly paused: readonly string[];
  readonly mailboxed: number;
  readonly seq: number;
  readonly binds: number;
}

/** The model as it is compared. */
export function sightOf(pool: PoolState): Sight {
  const agents = [...pool.agents].filter(([name]) => name !== '');
  const workers = [...pool.workers];
  return {
    intake: pool.intake,
    yard: sorted(pool.yard),
    delayed: sorted(pool.delayed),
    ended: present([...pool.tasks.values()].map(({ id, ended }) => [id, ended])),
    lanes: Object.fromEntries(workers.flatMap(([name, { lane }]) => (lane.size > 0 ? [[name, sorted(lane)]] : []))),
    slots: Object.fromEntries(
      workers.flatMap(([name, { running }]) => (running.size > 0 ? [[name, Object.fromEntries(running)]] : [])),
    ),
    routable: Object.fromEntries(workers.flatMap(([name, { slots }]) => (slots > 0 ? [[name, slots]] : []))),
    lives: present(workers.map(([name, { life }]) => [name, life])),
    homes: present(agents.map(([name, { home }]) => [name, home])),
    current: present(agents.map(([name, { current }]) => [name, current])),
    mailboxes: Object.fromEntries(
      agents.flatMap(([name, { mailbox }]) => (mailbox.length > 0 ? [[name, mailbox]] : [])),
    ),
    paused: agents.flatMap(([name, { isPaused }]) => (isPaused ? [name] : [])).sort(),
    mailboxed: agents.reduce((sum, [, { mailbox }]) => sum + mailbox.length, 0),
    seq: pool.seq,
    binds: pool.binds,
  };
}

function present(pairs: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { stateOf, type TaskState } from '../moves.js';
import { invalidInput } from '../shunt-error.js';
import { listedStates } from './listed-states.js';
import { agentsOf } from './task-agents.js';
import { agentKeyIn, decodeAgentKey } from './task-id.js';
import { type Metadata, taskMetadataIn } from './task-metadata.js';
import { type Position, type Section, slots, sortedSet, waitingList } from './task-sections.js';

/** A task in a list. `worker` is that of its lane or slot; of one that has ended, the one that ran it last. */
export interface ListedTask extends TaskState {
  readonly id: string;
  readonly name: string;
  /** Null for a task of no agent, and for an ended one of a plain BullMQ producer. */
  readonly agentId: string | null;
  readonly attemptsMade: number;
  readonly enqueuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Why it failed, its beginning; null unless it did. */
  readonly failedReason: string | null;
  /** What its producer noted of it; empty for nothing. */
  readonly metadata: Metadata;
}

/** Which tasks are listed; all that are given must be so. */
export interface TaskFilter {
  readonly state?: (typeof listedStates)[number] | undefined;
  /** Agent key. Mailboxes are listed by it alone. */
  readonly agent?: string | undefined;
  /** In the lane or a slot of a worker. */
  readonly worker?: string | undefined;
}

/** A part of a list. It may be empty and yet not the last: so many tasks are looked at that cost little. */
export interface TaskPage {
  readonly tasks: readonly ListedTask[];
  /** Goes on behind it; null after the last. */
  readonly cursor: string | null;
}

/** Tasks that one page looks at, at most. */
const maxSeen = 1000;
/** Characters of a reason that a list tells. */
const maxReasonChars = 300;
const names = ['name', 'atm', 'timestamp', 'processedOn', 'finishedOn', 'failedReason', 'opts', 'pb'] as const;

/**
 * Lists tasks, those that wait oldest first, those that ended newest first. A task that stays where it is comes exactly once, whatever
 * others do meanwhile; one that goes on from state to state at least once.
 *
 * @throws ShuntError INVALID_INPUT naming state or cursor
 */
export async function listTasks(
  redis: Redis,
  keys: PoolKeys,
  filter: TaskFilter,
  limit: number,
  cursor?: string,
): Promise<TaskPage> {
  assertListable(filter);
  const sections = await sectionsOf(redis, keys, filter);
  const start = cursor === undefined ? null : readCursor(cursor);
  const tasks: ListedTask[] = [];
  let seen = 0;
  for (const [name, section] of sections) {
    if (start !== null && order(name) < order(start.section)) continue;
    let after = start?.section === name ? start.after : null;
    for (;;) {
      const count = Math.min(limit - tasks.length, maxSeen - seen);
      if (count <= 0) return { tasks, cursor: writeCursor(name, after) };
      const page = await section.read(after, count);
      if (page.length === 0) break;
      seen += page.length;
      after = page.at(-1) ?? after;
      const ids = page
        .map(({ id }) => id)
        .filter((id) => filter.agent === undefined || isOf(filter.agent, id, section));
      tasks.push(...(await details(redis, keys, ids, section)));
    }
  }
  return { tasks, cursor: null };
}

function assertListable({ state, agent, worker }: TaskFilter): void {
  if (state === 'mailbox' && agent === undefined)
    throw invalidInput([
      { field: 'state', message: 'must come with an agent where it is mailbox: a list tells the mailbox of one agent' },
    ]);
  if (worker !== undefined && state !== undefined && state !== 'lane' && state !== 'running')
    throw invalidInput([{ field: 'state', message: 'must be lane or running where a worker is given' }]);
}

/** The sections of a list by their names, in the order in which they are read. */
async function sectionsOf(redis: Redis, keys: PoolKeys, filter: TaskFilter): Promise<[string, Section][]> {
  const { state, agent, worker } = filter;
  const all = agent === undefined ? await sectionsOfPool(redis, keys) : await sectionsOfAgent(redis, keys, agent);
  return all
    .filter(
      ([, one]) => (state === undefined || one.state === state) && (worker === undefined || one.worker === worker),
    )
    .sort(([a], [b]) => (order(a) < order(b) ? -1 : 1));
}

async function sectionsOfPool(redis: Redis, keys: PoolKeys): Promise<[string, Section][]> {
  const set = (name: string) => sortedSet(redis, keys.of(name));
  const [workers, labelSets] = await Promise.all([
    redis.hkeys(keys.of('workers')),
    redis.zrange(keys.of('labelsets'), '0', '-1'),
  ]);
  const yards = ['', ...labelSets].map((labels): [string, Section] => {
    return [`yard:${labels}`, { state: 'yard', read: sortedSet(redis, keys.yard(labels)) }];
  });
  const ofWorkers = workers.flatMap((worker): [string, Section][] => [
    [`lane:${worker}`, { state: 'lane', worker, read: sortedSet(redis, keys.lane(worker, 'prioritized')) }],
    [`running:${worker}`, { state: 'running', worker, read: slots(redis, keys, worker) }],
  ]);
  return [
    ['intake:1', { state: 'intake', read: waitingList(redis, keys.of('wait')) }],
    ['intake:2', { state: 'intake', read: set('prioritized') }],
    ['intake:3', { state: 'intake', read: set('arrived') }],
    ['delayed:', { state: 'delayed', read: set('delayed') }],
    ['waiting-children:', { state: 'waiting-children', read: set('waiting-children') }],
    ...yards,
    ...ofWorkers,
    ...history(redis, keys),
  ];
}

async function sectionsOfAgent(redis: Redis, keys: PoolKeys, agent: string): Promise<[string, Section][]> {
  const current = await redis.hget(keys.of(`agent:${agent}`), 'cur');
  const found = current === null ? null : await stateOf(redis, keys, current);
  const read: Section['read'] = async (after) =>
    current === null || after !== null ? [] : [{ id: current, score: 0 }];
  const isLive = found !== null && !['completed', 'failed', 'missing'].includes(found.state);
  return [
    ['mailbox:', { state: 'mailbox', read: sortedSet(redis, keys.of(`mailbox:${agent}`)) }],
    ...(isLive ? [['yard:', { ...found, read }] as [string, Section]] : []),
    ...history(redis, keys),
  ];
}

function history(redis: Redis, keys: PoolKeys): [string, Section][] {
  return (['failed', 'completed'] as const).map((state) => {
    return [`${state}:`, { state, read: sortedSet(redis, keys.of(state), true) }];
  });
}

/** Which of the states a section is of, -1 for none. */
function stageOf(section: string): number {
  return (listedStates as readonly string[]).indexOf(section.split(':', 1)[0] ?? '');
}

/** What sorts the names of sections. */
function order(name: string): string {
  return `${stageOf(name)}${name}`;
}

/** An agent's own sections hold nothing else; ended tasks are told by their ids. */
function isOf(agent: string, id: string, { state }: Section): boolean {
  return (state !== 'completed' && state !== 'failed') || agentKeyIn(id) === agent;
}

async function details(redis: Redis, keys: PoolKeys, ids: readonly string[], { state, worker }: Section) {
  const agents = await agentsOf(redis, keys, ids);
  const hasEnded = state === 'completed' || state === 'failed';
  const rows = await Promise.all(ids.map((id) => redis.hmget(keys.of(id), ...names)));
  return rows.flatMap(([name, atm, timestamp, processedOn, finishedOn, reason, opts, lastWorker], n): ListedTask[] => {
    const id = ids[n] as string;
    // One that was ended by force is in its slot as well, until its handler has ended.
    if (name == null || (state === 'running' && finishedOn != null)) return [];
    const agent = agents[n] as string;
    const at = hasEnded ? lastWorker : worker;
    return [
      {
        id,
        name,
        state,
        ...(at ? { worker: at } : {}),
        agentId: decodeAgentKey(agent),
        attemptsMade: Number(atm ?? 0),
        enqueuedAt: Number(timestamp ?? 0),
        startedAt: processedOn == null ? null : Number(processedOn),
        finishedAt: finishedOn == null ? null : Number(finishedOn),
        failedReason: state === 'failed' ? (reason ?? '').slice(0, maxReasonChars) : null,
        metadata: taskMetadataIn(opts),
      },
    ];
  });
}

function writeCursor(section: string, after: Position | null): string {
  return Buffer.from(JSON.stringify([section, after?.score ?? null, after?.id ?? null])).toString('base64url');
}

/** @throws ShuntError INVALID_INPUT for what no page has given */
function readCursor(cursor: string): { section: string; after: Position | null } {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [section, score, id] = Array.isArray(read) && read.length === 3 ? (read as unknown[]) : [];
    if (typeof section === 'string' && stageOf(section) >= 0) {
      if (score === null && id === null) return { section, after: null };
      if (typeof score === 'number' && typeof id === 'string') return { section, after: { score, id } };
    }
  } catch {
    // Told below, without its text.
  }
  throw invalidInput([{ field: 'cursor', message: 'must be the cursor of an answer' }]);
}

import fc from 'fast-check';
import { apply } from './apply.js';
import { type Command, senderOf } from './commands.js';
import { emptyPool, type PoolState, sorted, workerOf } from './state.js';

/** A step of a random script, not yet about any task in particular: any part of a script is one. */
export interface Step {
  readonly kind: Command['kind'];
  readonly agent: string;
  readonly worker: string;
  readonly token: string;
  /** Chooses among what there is. */
  readonly pick: number;
  readonly flag: boolean;
  /** How many steps later the command is sent again, as its reply was lost: 0 at once, null never. */
  readonly againAfter: number | null;
}

/** A command, and whether it is one that was executed before and whose reply was lost. */
export interface Sent {
  readonly command: Command;
  readonly isRepeated: boolean;
}

const often: readonly Command['kind'][] = [
  'enqueue',
  'enqueue',
  'enqueue',
  'pull',
  'pull',
  'pull',
  'settle',
  'settle',
  'settle',
];
const seldom: readonly Command['kind'][] = [
  'add',
  'shunt',
  'promote',
  'retry',
  'place',
  'join',
  'beat',
  'drain',
  'clear',
  'evict',
  'cancel',
  'pause',
  'resume',
  'resume',
];
const delayStepMs = 1_000_000;
const slots = 2;

/** Random scripts of steps for two workers of two slots and three agents. */
export const anyScript = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(...often, ...seldom),
    agent: fc.constantFrom('a', 'b', 'c', 'a', 'b', 'c', ''),
    worker: fc.constantFrom('u', 'v'),
    token: fc.constantFrom('1', '2'),
    pick: fc.nat({ max: 999 }),
    flag: fc.boolean(),
    againAfter: fc.constantFrom(null, 0, 0, 1, 2, 3),
  }),
  { maxLength: 70, size: 'max' },
);

/** Commands whose second sending means the same whatever happened in between; one of the others is a new one by then. */
const answered: readonly Command['kind'][] = [
  'enqueue',
  'pull',
  'settle',
  'retry',
  'cancel',
  'pause',
  'resume',
  'drain',
  'place',
];

interface Pending extends Sent {
  readonly due: number;
}

/**
 * Plays a script in the model: `onSent` is called for each command with the state after it. A lost reply has its command sent again
 * later, but before the next one of its sender. Both workers have joined at the start. Returns the last state.
 */
export async function play(
  script: readonly Step[],
  onSent: (sent: Sent, after: PoolState, before: PoolState) => Promise<void> | void,
): Promise<PoolState> {
  let pool = emptyPool();
  let pending: Pending[] = [];
  const send = async (sent: Sent) => {
    const before = pool;
    pool = apply(pool, sent.command);
    await onSent(sent, pool, before);
  };
  const sendAgain = async (isDue: (each: Pending) => boolean) => {
    const due = pending.filter(isDue);
    pending = pending.filter((each) => !due.includes(each));
    for (const each of due) await send(each);
  };
  for (const worker of ['u', 'v'])
    await send({ command: { kind: 'join', worker, life: 'life 0', slots, replaces: '' }, isRepeated: false });
  for (const [at, step] of script.entries()) {
    await sendAgain(({ due }) => due <= at);
    const command = concrete(pool, step, at);
    if (command === null) continue;
    await sendAgain((each) => senderOf(each.command) === senderOf(command));
    await send({ command, isRepeated: false });
    const { againAfter } = step;
    if (againAfter === null || command.kind === 'add') continue;
    const due = at + (answered.includes(command.kind) ? againAfter : 0);
    pending.push({ command, isRepeated: true, due });
    await sendAgain((each) => each.due <= at);
  }
  await sendAgain(() => true);
  return pool;
}

/** The command that a step means in a state; null when there is nothing for it to be about. */
export function concrete(pool: PoolState, step: Step, at: number): Command | null {
  const { kind, agent, worker, token, pick, flag } = step;
  const { life, running } = workerOf(pool, worker);
  const held = running.get(token);
  switch (kind) {
    case 'enqueue': {
      const delayMs = pick % 7 === 0 ? delayStepMs * (1 + (pick % 3)) : 0;
      return { kind, id: `${agent}~${at}`, agent, priority: flag ? pick % 3 : 0, delayMs };
    }
    case 'add':
      return { kind, id: `${agent}~${at}`, agent };
    case 'shunt':
      return { kind };
    case 'promote':
      return { kind, untilMs: delayStepMs * (1 + (pick % 3)) };
    case 'pull':
      return life === undefined || held !== undefined ? null : { kind, worker, life, token };
    case 'settle': {
      const outcome = pick % 5 === 0 ? 'failed' : 'completed';
      if (life === undefined || held === undefined) return null;
      return { kind, worker, life, token, id: held, outcome, mayFetch: flag };
    }
    case 'retry':
      return held === undefined ? null : { kind, worker, token, id: held };
    case 'place': {
      const id = sorted(pool.yard)[pick % Math.max(1, pool.yard.size)];
      return id === undefined ? null : { kind, id, worker };
    }
    case 'join':
      return { kind, worker, life: `life ${at + 1}`, slots, replaces: pick % 4 === 0 ? '' : (life ?? '') };
    case 'beat':
      return life === undefined ? null : { kind, worker, life, slots };
    case 'drain':
      return life === undefined ? null : { kind, worker, life: pick % 3 === 0 ? 'life of another time' : life };
    case 'clear':
    case 'evict':
      return life === undefined ? null : { kind, worker };
    case 'pause':
    case 'resume':
      return agent === '' ? null : { kind, agent, nonce: `nonce ${at}` };
    case 'cancel': {
      const id = [...pool.tasks.keys()][pick % Math.max(1, pool.tasks.size)];
      return id === undefined ? null : { kind, id, nonce: `nonce ${at}` };
    }
  }
}

import { fullMemoryShare } from '@shunt/health';
import { type Checkup, isTooOld, oldestRedis, type WorkerRecord } from '@shunt/lanes';
import type { RedisFacts } from '@shunt/redis-server';
import type { AlertStatus } from '@shunt/sdk';

/** What a doctor looks at. */
export interface Symptoms {
  readonly redis: RedisFacts;
  /** `maxmemory`, in bytes; 0 for no limit, null where nobody says. */
  readonly maxmemoryBytes: number | null;
  /** What of it is used, in bytes; null where nobody says. */
  readonly usedBytes: number | null;
  /** Now by the clock of Redis, in ms since 1970. */
  readonly nowMs: number;
  /** How far the clock of Redis is ahead of this machine's, in ms. */
  readonly clockAheadMs: number;
  readonly isPaused: boolean;
  /** Agents that somebody paused. */
  readonly pausedAgents: readonly string[];
  readonly checkup: Checkup;
  readonly workers: readonly WorkerRecord[];
  readonly configVersion: number;
  readonly alerts: readonly AlertStatus[];
}

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  /** `bad` loses tasks or stops work; `poor` is worth a change. */
  readonly verdict: 'good' | 'poor' | 'bad';
  readonly text: string;
  /** What to do, '' where nothing has to be done. */
  readonly fix: string;
}

/** Clocks that differ by more make waits wrong that people notice. */
const maxSkewMs = 1000;

/** How long after the end of its lease a worker may count as there: a leader has long noticed by then. */
const unnoticedMs = 3000;

const good = (check: string, text: string): Finding => ({ check, verdict: 'good', text, fix: '' });
const poor = (check: string, text: string, fix: string): Finding => ({ check, verdict: 'poor', text, fix });
const bad = (check: string, text: string, fix: string): Finding => ({ check, verdict: 'bad', text, fix });

/** Finds what is wrong, a line for each thing that was looked at. */
export function diagnose(symptoms: Symptoms): readonly Finding[] {
  return [
    version(symptoms),
    eviction(symptoms),
    durability(symptoms),
    disk(symptoms),
    memory(symptoms),
    clock(symptoms),
    leader(symptoms),
    workersUp(symptoms),
    paused(symptoms),
    configured(symptoms),
    orphans(symptoms),
    stuck(symptoms),
    alerts(symptoms),
  ];
}

function version({ redis: { version: told } }: Symptoms): Finding {
  const check = 'Redis version';
  if (told === null) return poor(check, 'Redis does not tell its version', `See that it is ${oldestRedis} or later.`);
  return isTooOld(told)
    ? bad(check, `it is ${told}`, `Use Redis ${oldestRedis} or later.`)
    : good(check, `it is ${told}`);
}

function eviction({ redis: { maxmemoryPolicy: policy } }: Symptoms): Finding {
  const check = 'eviction';
  if (policy === null) return poor(check, 'Redis does not tell its policy', 'See that maxmemory-policy is noeviction.');
  if (policy === 'noeviction') return good(check, 'it evicts nothing');
  return bad(
    check,
    `maxmemory-policy is ${policy}: full, it drops tasks`,
    'redis-cli CONFIG SET maxmemory-policy noeviction',
  );
}

function durability({ redis: { appendonly } }: Symptoms): Finding {
  const check = 'durability';
  if (appendonly === null)
    return poor(check, 'Redis does not tell whether it has an AOF', 'See that appendonly is yes.');
  if (appendonly) return good(check, 'it has an AOF');
  return bad(check, 'without an AOF a restart loses all tasks', 'redis-cli CONFIG SET appendonly yes, and in its file');
}

function disk({ redis: { isWriteFailing } }: Symptoms): Finding {
  const check = 'disk';
  if (isWriteFailing === null) return good(check, 'Redis does not tell of its writes');
  if (!isWriteFailing) return good(check, 'it writes to its disk');
  return bad(
    check,
    'its last write to disk failed: it may take nothing new',
    'Make room on the disk of Redis; it goes on by itself.',
  );
}

function memory({ maxmemoryBytes, usedBytes }: Symptoms): Finding {
  const check = 'memory';
  if (maxmemoryBytes === null) return good(check, 'its limit is not told');
  if (maxmemoryBytes === 0)
    return poor(check, 'without maxmemory nothing refuses tasks before the machine is full', 'Set maxmemory.');
  const share = (usedBytes ?? 0) / maxmemoryBytes;
  if (share < fullMemoryShare) return good(check, 'it has a limit');
  const text = `${Math.round(share * 100)} % of maxmemory are used: new tasks are refused`;
  return bad(check, text, 'Raise maxmemory, or keep finished tasks for a shorter time; it goes on by itself.');
}

function clock({ clockAheadMs }: Symptoms): Finding {
  const check = 'clock';
  const text = `Redis is ${Math.abs(Math.round(clockAheadMs))} ms ${clockAheadMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(clockAheadMs) > maxSkewMs
    ? poor(check, text, 'Have both follow NTP: ttl and waits compare clocks.')
    : good(check, text);
}

function leader({ alerts: all }: Symptoms): Finding {
  const isLed = all.find(({ alert }) => alert === 'no_leader')?.state === 'inactive';
  return isLed
    ? good('leader', 'a dispatcher leads')
    : bad('leader', 'no dispatcher leads', 'Start one: npm run dispatcher');
}

function workersUp({ workers, nowMs }: Symptoms): Finding {
  const check = 'workers';
  const known = workers.filter(({ isReplaced }) => !isReplaced);
  const silent = known.filter((one) => one.isRoutable && nowMs - one.leaseUntilMs > unnoticedMs);
  if (silent.length > 0) return silence(check, silent, nowMs);
  const out = known.filter(({ isRoutable }) => !isRoutable).map(({ id }) => id);
  const why = 'shunt workers ls tells why.';
  const isOne = out.length === 1;
  if (known.length === 0) return bad(check, 'there are none', 'Start one: npm run worker');
  if (out.length === known.length)
    return bad(
      check,
      isOne ? `the only one, ${named(out)}, receives nothing` : `none of ${known.length} receives`,
      why,
    );
  if (out.length > 0)
    return poor(check, `${isOne ? 'worker' : 'workers'} ${named(out)} ${isOne ? 'receives' : 'receive'} nothing`, why);
  return good(check, known.length === 1 ? 'the only one receives' : `all ${known.length} receive`);
}

function silence(check: string, workers: readonly WorkerRecord[], nowMs: number): Finding {
  const isOne = workers.length === 1;
  const seconds = Math.round((nowMs - Math.min(...workers.map(({ leaseUntilMs }) => leaseUntilMs))) / 1000);
  const ids = named(workers.map(({ id }) => id));
  const who = isOne ? `worker ${ids} is silent, and counts` : `workers ${ids} are silent, and count`;
  const text = `${who} as there: ${isOne ? 'its lease is' : 'the first lease is'} over for ${seconds} s`;
  return bad(check, text, 'A leading dispatcher gives the tasks there to others: see that one leads.');
}

function paused({ isPaused, pausedAgents }: Symptoms): Finding {
  const check = 'pause';
  if (isPaused) return bad(check, 'the queue is paused: no worker takes a task', "Resume it: BullMQ's queue.resume()");
  if (pausedAgents.length === 0) return good(check, 'neither the queue nor an agent is paused');
  return poor(
    check,
    `paused agents, whose tasks wait: ${named(pausedAgents)}`,
    'shunt agents resume <id> lets one go on.',
  );
}

function configured({ workers, configVersion }: Symptoms): Finding {
  const check = 'configuration';
  const others = workers
    .filter(({ incarnation, load }) => incarnation !== null && load !== null && load.configVersion !== configVersion)
    .map(({ id }) => id);
  if (others.length === 0) return good(check, `all go by version ${configVersion}`);
  return poor(
    check,
    `${others.length === 1 ? 'worker' : 'workers'} ${named(others)} ${others.length === 1 ? 'goes' : 'go'} by another version than ${configVersion}`,
    'Look again in a second; then at their logs.',
  );
}

function orphans({ checkup: { orphanLanes } }: Symptoms): Finding {
  const check = 'orphan lanes';
  if (orphanLanes.length === 0) return good(check, 'no lane is without its worker');
  const text = `${named(orphanLanes)}: tasks wait there, and no worker of that name is registered`;
  return bad(check, text, 'A leading dispatcher gives them to others within a sweep: see that one leads.');
}

function stuck({ checkup: { stuckAgents, agents } }: Symptoms): Finding {
  const check = 'stuck agents';
  if (stuckAgents.length === 0) return good(check, `none of ${agents}`);
  const text = `${named(stuckAgents)}: the current task is nowhere`;
  return bad(check, text, 'A leading dispatcher puts them right within its rounds: see that one leads.');
}

function alerts({ alerts: all }: Symptoms): Finding {
  const firing = all.filter(({ state }) => state === 'firing').map(({ alert }) => alert);
  if (firing.length === 0) return good('alerts', 'none fires');
  return poor(
    'alerts',
    `${named(firing)} ${firing.length === 1 ? 'fires' : 'fire'}`,
    'shunt alerts tells what was found.',
  );
}

function named(ids: readonly string[]): string {
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}

/**
 * Every Redis key of a pool. All carry the pool's hash tag, so one script may touch any of them.
 *
 * P is `shunt:{<pool>}:`. BullMQ's own keys (`wait`, `prioritized`, `delayed`, `events`, `completed`, `failed`, `meta`,
 * `marker`, `repeat` and its schedules, job hashes) are the pool's intake and history; below are the ones Shunt adds.
 *
 * | key | type | content | written by |
 * |---|---|---|---|
 * | P mailboxed | string | number of tasks in all mailboxes | shunt, finish, cancel |
 * | P bound, totals | hash | agents given a home by reason; what workers did, summed | pull, place; heartbeat |
 * | P sent:n | string, 60 s | answer to a batch of enqueues, a configuration, an operator's eviction or an order of a schedule: answers a re-sent one | enqueue, configure, clearLane, schedule |
 * | P arrived | zset | prioritised tasks of the intake, sorted by arrival | shunt, enqueue |
 * | P seq | string | number of arrivals and of turns taken from mailboxes | shunt, enqueue, promote, settle |
 * | P owners | hash | agent key of each foreign job id that is under way | shunt, settle |
 * | P parked | zset | retries, and tasks that wait for one worker, by the ms they are due | retry, evict, promote, cancel; whoever dispatches |
 * | P fence | string | last fence given: ms since 1970 x 1024, or the last one + 1 | pull, place |
 * | P agent:a | hash | home, cur, fence, held (worker:incarnation it was given to), ran (the one of the last task), warm; turn: how many of its tasks have left its mailbox, modulo 32; since: when its current task became that, in ms; closers: workers that were told to end its state; left, why: the home it lost and has no other yet; pin: `<ms until which, 0 for ever> <kind> <worker>`; paused: `<ms since which> <by whom>`; asked: the last operator's call; expires when idle, not pinned and not paused | every move; pin, unpin, releaseAgent, pause, resume |
 * | P mailbox:a | zset | an agent's later tasks by arrival number; 0 for the current one of an agent that was paused | shunt, finish, cancel; pause, retries |
 * | P agents | hash | busy, idle: agents with and without a current task that are not paused, as the leader's last look at all of them found | tune |
 * | P paused | zset | agents that are paused, by the ms since which | pause, resume |
 * | P yard | zset | current tasks without a home, by score | shunt, finish, place, pull |
 * | P avoids | hash | the workers that a waiting task leaves to others, by its id, parted by spaces | refuse, retries, promote, clearLane; pull |
 * | P yard:name=value,... | zset | the same for tasks that require these labels, percent-encoded and sorted | the same |
 * | P labelsets | zset | label sets in use, at most 64 at arrival, by the ms one was last needed | enqueue, shunt; forget |
 * | P labels | hash | what a worker carries: `,name=value,...,` | join; leave, forget |
 * | P carriers | zset | `<name=value> <worker>` of each label that a worker carries, all of one score | join; leave, forget |
 * | P expiring | zset | tasks with a ttl that have labels or wait for a pin, by the ms it is over | enqueue, shunt, whoever dispatches; the leader |
 * | P yard:marker | zset | wakes a dispatcher | whoever fills the yard |
 * | P stealable | zset | `<worker> <task id>` of tasks that wait in lanes, by the ms from which an idle stranger may take them | whoever fills or empties a lane |
 * | P idle | zset | workers with a free slot and nothing to do, by the ms at which one looks by itself, 2^53-1 for none | pull, settle, evict; whoever fills a lane |
 * | P pull | hash | patienceMs, softMs: that of a task that is soft whatever the pool is, coldCostMs, granted: moves ever earned, learned: what it comes from; spent: moves ever made; hasOwn: whether tasks have a patience of their own; stragglers, left: workers that fell behind, and those of them whose agents leave | tune; pull; retries |
 * | P held:w | zset | agents whose state worker w holds, by the ms of their last start, if it has a limit | pull, release, drop |
 * | P lane:w:closes | hash | agents whose state worker w is to end: `<fence> <reason>`, all from under a lower fence | release, releaseAgent, pull, place; heartbeat, leave, evict |
 * | P keepers | set | workers that hold states, and are told at once to end one, by a message on the channel P lane:w:told | join; leave, forget |
 * | P lane:w:prioritized | zset | current tasks waiting for worker w, by score | shunt, finish, place |
 * | P lane:w:slots | hash | slot token to the task it runs | pull, settle |
 * | P lane:w:settled:t | string, 60 s | the task slot t last gave up: answers a re-sent call | finish, retries |
 * | P lane:w:cancels | set | running tasks that worker w is to abort | cancel; heartbeat, evict |
 * | P id:forced | string | `<worker> <slot token>` that still runs the handler of task `id`, which was ended by force | cancel; whatever ends a run, evict, join |
 * | P lane:w:recycle | string, 60 s | life of worker w that is to end, as it takes nothing | limit |
 * | P lane:w:seen | string, 60 s | how many of the stealable tasks idle worker w has found to be for others | pull, settle |
 * | P lane:w:marker | zset | wakes worker w | whoever fills the lane |
 * | P workers, incarnations, load | hash | registration, life, last load report of each worker | join, heartbeat |
 * | P leases | zset | lease expiry in ms of each worker | join, heartbeat |
 * | P dying | hash | the life of a worker that is being evicted as dead, by worker: so that its death is told once | evict, join |
 * | P crews | hash | how many lives there were when a worker died, it among them, by worker: as many again, and another one is in its place | evict; join |
 * | P deaths | zset, 20 min | `[worker, host, life]` of lives that ended without a word, by the ms of it | evict, join |
 * | P poisoned | zset, 20 min | tasks that are to fail as poison, by the ms of that | evict, join |
 * | P routable | hash | workers that may receive, with the slots they are allowed | join, heartbeat, evict, limit, drain |
 * | P limits | hash | slots a worker may use by its breaker: 0 while it is open, no entry for all | limit |
 * | P breakers | hash | each worker's breaker as JSON, and its trips that were dealt with | limit |
 * | P orders | hash | `open` or `closed` for a worker whose breaker an operator set | orderBreaker |
 * | P drained | hash | since when, in ms, an operator drains a worker | drain |
 * | P remembered | zset | workers that are gone and whose drained or orders are kept for a week, by the ms since which | leave, forget; join |
 * | P leader | hash | id, term (ms since 1970, or the last one + 1), expiresAt, dataSet (marker that is another one after a loss), strategies: names of its own | lead |
 * | P config | hash | version, nonce of the change that made it, json: what the pool was told, file: digest of the last file | configure |
 * | P closed | string, expires | why new tasks are refused, and when to ask again in ms: `memory:2000` | gate; enqueue reads it |
 * | P turned | zset, 60 s | nonces of the newest batches that met a closed gate, at most 1,000: each is counted once | enqueue |
 * | P alerts | string | the alerts that are more than inactive, as JSON by name: state, since, finding, whether people were told | alerts |
 * | P scale | hash | advice: the leader's, as JSON; victims: workers that are being taken out; wish: of somebody, '' for none; asked: the last call that wished; scalerUntilMs: until when a scaler is known to follow | advise; wish; who scales |
 * | P journal | stream, capped | placed and moved agents with worker, fence, reason, and the strategy that decided with its grounds; workers joined, drained, left, evicted, died and back within their lease, cleared of waiting tasks, recycled as they took nothing; breakers; leaders; repairs; agents pinned, unpinned, released, paused, resumed; tasks cancelled, run again and found to be poison; configured keys; alerts; wished workers | pin, unpin, releaseAgent, pause, resume, cancel, rerun, pull, place, join, leave, evict, clearLane, limit, drain, lead, mend, configure, alerts, wish |
 * | P audit | stream, capped | what people changed: actor, role, action, target, reason, outcome | audit |
 * | P audited:n | string, 60 s | an audit entry that was written: a re-sent call writes none | audit |
 *
 * A job hash gains `ss`, its score in lane and yard, `lb`, its labels key, `late`, the ms of Redis time from which on it must not start, `patience`, its own in ms, -1 for ever, or `soft`, `avoids`, whom it avoids since that arrival, `refusals`, how often it was given to another
 * worker, `cancelledBy` and `retriedBy`, the call that cancelled it or let it run again, `cancelling`, why, when that met it running, `diedWith`, the workers that died while they ran it, and `emitted`, the start of the run, in ms, and the number of the last batch of values that a run of it emitted. BullMQ's `active` holds running tasks with a
 * deduplication key only.
 */
export interface PoolKeys {
  /** The pool's key prefix, `shunt:{agents}:`. */
  readonly prefix: string;
  /** The BullMQ queue, `{agents}` under the prefix `shunt`. */
  readonly queue: { readonly name: string; readonly prefix: string };
  /** A pool-wide key. */
  of(name: string): string;
  /** A key of one worker's lane. `active` exists only within a script, for BullMQ's own part of it. */
  lane(worker: string, name: 'prioritized' | 'active' | 'slots' | 'marker'): string;
  /** The yard of tasks that require these labels, '' for none. */
  yard(labelsKey: string): string;
}

/** Key prefix of every pool. Defaults to `shunt`. */
export const KEY_PREFIX = 'shunt';

/** The BullMQ queue name of a pool: `agents` is the queue `{agents}`. */
export function queueNameOf(pool: string): string {
  return `{${pool}}`;
}

/** The keys of the pool behind a BullMQ queue name. */
export function poolKeys(queueName: string, prefix: string = KEY_PREFIX): PoolKeys {
  const base = `${prefix}:${queueName}:`;
  return {
    prefix: base,
    queue: { name: queueName, prefix },
    of: (name) => base + name,
    yard: (labelsKey) => (labelsKey === '' ? `${base}yard` : `${base}yard:${labelsKey}`),
    lane: (worker, name) => `${base}lane:${worker}:${name}`,
  };
}

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openRedis, poolKeys, queueNameOf } from '@shunt/lanes';
import { ensureRedis, type RedisServer } from '@shunt/redis-server';
import { connect } from '@shunt/sdk';
import { loadTrace } from '@shunt/workload';
import { Crew } from '../crew/crew.js';
import { CrewFailure } from '../crew/crew-failure.js';
import { followWish } from '../scaling/follow-wish.js';
import { orStopped, stopping } from '../stopping.js';
import type { DemoTally } from './dispatcher-link.js';
import { removePools } from './remove-pools.js';
import { Replay } from './replay.js';
import { Screen } from './screen.js';
import { lostTasks, type Sight } from './sight.js';
import { SteadyLeast } from './steady-least.js';
import { movedAgents, nextCommands, roundLine, summary } from './summary.js';
import { watch } from './watch.js';

/** Options of the demo. */
export interface DemoOptions {
  readonly workers: number;
  readonly slots: number;
  /** The dispatcher's port, unless it is taken. */
  readonly port: number;
  readonly speed: number;
  /** Defaults to the whole trace. */
  readonly tasks?: number;
  /** How often the trace is replayed. Defaults to until Ctrl C. */
  readonly rounds?: number;
}

const tracePath = fileURLToPath(new URL('../../../../../traces/mooncake-conversation.csv.gz', import.meta.url));
const dataDir = fileURLToPath(new URL('../../../../../.shunt/redis', import.meta.url));
/** The trace's costs are of a large model: scaled, so that the default fleet is busy for two thirds of the default minute. */
const costScale = 1 / 8;

/** Short, so that the agents of a worker that was killed move while one watches. Three heartbeats at least. */
const lease = { SHUNT_HEARTBEAT: '500ms', SHUNT_LEASE: '3s' };
/** Running tasks of the demo end within a second; Ctrl C waits for no longer. */
const grace = { SHUNT_SHUTDOWN_GRACE: '1s' };
/** How long a process may take to stop before it is killed: Ctrl C ends the demo within 3 s. */
const stopMs = 1500;

/** Tasks that are nowhere for so long are lost; for a moment they are as their result is under way. */
const lostAfterMs = 5000;

/**
 * Brings up everything on this machine, replays the trace and shows it, then says what was seen and what to try. Resolves to
 * whether no task was lost.
 *
 * @throws CrewFailure or RedisStartError when it cannot be started or go on
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const signal = stopping();
  const screen = new Screen();
  const server = await orStopped(signal, ensureRedis({ dataDir, log: screen.say }));
  if (!server) return true;
  try {
    screen.say(
      `Redis ${server.version} at ${addressOf(server)}${server.isDurable ? ', durable (AOF)' : ', not durable'}`,
    );
    return await replayOn(server, options, screen, signal);
  } finally {
    await server.stop();
  }
}

async function replayOn(server: RedisServer, options: DemoOptions, screen: Screen, signal: AbortSignal) {
  const { workers, slots, port, speed, rounds = null } = options;
  const pool = `demo-${randomUUID().slice(0, 8)}`;
  const client = connect({ redis: server.url, pool });
  const redis = openRedis(server.url, { maxRetriesPerRequest: 1, commandTimeout: 1000 });
  redis.on('error', () => undefined);
  const over = new AbortController();
  const crew = new Crew({
    settings: { SHUNT_REDIS_URL: server.url, SHUNT_POOL: pool, SHUNT_LOG_LEVEL: 'warn' },
    workerSettings: { SHUNT_SLOTS: String(slots), ...lease, ...grace },
    workers,
    port,
    stopMs,
    isDemo: true,
    onNotice: screen.note,
  });
  const redisEnded = server.exited.then((): never => {
    throw new CrewFailure(`the Redis at ${addressOf(server)} ended`);
  });
  redisEnded.catch(() => undefined);
  const orFailed = <T>(work: Promise<T>) => Promise.race([work, crew.failed, redisEnded]);
  try {
    // Nobody else uses our own server: what a demo that was killed left in it goes.
    if (server.kind !== 'external') await removePools(redis, 'demo-*');
    const tasks = (await loadTrace(tracePath)).slice(0, options.tasks);
    const endpoint = await orFailed(orStopped(signal, crew.start()));
    if (endpoint === null) return true;
    screen.say(`${workers} workers x ${slots} slots; metrics at ${endpoint}/metrics`);
    screen.say(`see it, and crash a worker, at ${endpoint}/`);
    screen.say(`by command: ${shuntOn(server, pool)} npm run -s shunt -- top`);
    screen.say(
      `replaying ${tasks.length} requests of a real chat service, ${speed} times as fast${rounds === null ? ', until Ctrl C' : ''}`,
    );
    const keys = poolKeys(queueNameOf(pool));
    void followWish(redis, keys, crew.scaler, over.signal, (error) =>
      screen.note(`workers cannot be scaled: ${error}`),
    );
    const replay = new Replay(client, tasks, { speed, costScale, rounds, signal });
    void replay.run();
    const lost = new SteadyLeast(lostAfterMs);
    let toldRounds = 1;
    const show = (sight: Sight) => {
      if (sight.tally.rounds > toldRounds) {
        screen.say(roundLine(sight));
        toldRounds = sight.tally.rounds;
      }
      screen.show(sight);
      crew.tell(tallyOf(sight, lost));
    };
    const sight = await orFailed(watch(redis, pool, replay, { show, note: screen.note }, signal));
    screen.end();
    if (!sight) return true;
    console.log(summary(sight));
    console.log(nextCommands());
    return lostTasks(sight) === 0;
  } finally {
    over.abort();
    screen.end();
    client.close();
    await crew.stop();
    await removePools(redis, pool).catch(() => undefined);
    redis.disconnect();
  }
}

/** Where a Redis is, without the password that an address of one's own may hold. */
const addressOf = ({ host, port }: RedisServer) => `${host}:${port}`;

/** What a command needs to work on the demo's pool. An address of one's own is in the environment already. */
function shuntOn({ kind, url }: RedisServer, pool: string): string {
  return kind === 'external' ? `SHUNT_POOL=${pool}` : `SHUNT_REDIS_URL=${url} SHUNT_POOL=${pool}`;
}

/** What the page shows of a replay. */
function tallyOf(sight: Sight, lost: SteadyLeast): DemoTally {
  const { total, enqueued, done, failed } = sight.tally;
  const lostNow = lost.note(lostTasks(sight), performance.now());
  return { total, enqueued, done, failed, lost: lostNow, moved: movedAgents(sight) };
}

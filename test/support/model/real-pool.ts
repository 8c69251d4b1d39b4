import { randomUUID } from 'node:crypto';
import {
  cancel,
  enqueueBatch,
  poolKeys,
  promote,
  queueNameOf,
  redisTimeMs,
  runScript,
  type ScriptName,
  shunt,
} from '@shunt/lanes';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Command } from './commands.js';
import type { Sight } from './sight.js';

const longMs = 600_000;
/** Makes due what was delayed by so much and was added a while ago, and nothing that was delayed by a step more. */
const halfStepMs = 500_000;
const load = JSON.stringify({ completed: 0, failed: 0, finishedFailed: 0, warm: 0, cold: 0, waits: {} });

/** Turns that an agent has behind it: soon one is a 32nd, which goes behind the others in a flood alone, as no script here makes one. */
const earlierTurns = 30;

/** A pool of its own in a real Redis, on which commands of the model are the real scripts. */
export class RealPool {
  private readonly queueName = queueNameOf(`model-${randomUUID()}`);
  private readonly keys = poolKeys(this.queueName);
  private readonly queue: Queue;
  private term = 0;
  private sentAtMs = 0;

  constructor(private readonly redis: Redis) {
    this.queue = new Queue(this.queueName, { prefix: 'shunt', connection: redis as never });
  }

  /** Leads, as the commands of a dispatcher need it, and has no patience, as in the model; agents by these names have had turns. */
  async open(agents: readonly string[]): Promise<void> {
    for (const agent of agents) await this.redis.hset(this.keys.of(`agent:${agent}`), 'turn', earlierTurns);
    await this.redis.hset(this.keys.of('pull'), 'patienceMs', 0);
    const reply = await this.call('lead', ['leader', 'journal'], ['d', longMs, '[]']);
    [this.term] = reply as [number];
  }

  /** Sends a command. */
  async send(command: Command): Promise<void> {
    const { redis, keys } = this;
    const { prefix } = keys;
    await this.nextMs();
    switch (command.kind) {
      case 'enqueue': {
        const { id, priority, delayMs } = command;
        const options = {
          attempts: 1,
          ...(priority > 0 ? { priority } : {}),
          ...(delayMs > 0 ? { delay: delayMs } : {}),
        };
        await enqueueBatch(redis, keys, id, [{ id, name: 'turn', data: '{}', options }]);
        return;
      }
      case 'add':
        await this.queue.add('turn', {}, { jobId: command.id });
        return;
      case 'shunt':
        await shunt(redis, keys, 500, Date.now());
        return;
      case 'promote':
        await promote(redis, keys, 500, longMs, Date.now() + command.untilMs + halfStepMs);
        return;
      case 'cancel':
        await cancel(redis, keys, command.id, longMs, command.nonce);
        return;
      case 'pause':
        await this.call('pause', [`agent:${command.agent}`, 'paused'], [prefix, command.agent, 'op', command.nonce]);
        return;
      case 'resume': {
        const { agent, nonce } = command;
        await this.call('resume', [`agent:${agent}`, 'paused'], [prefix, agent, 'op', longMs, nonce]);
        return;
      }
      case 'pull': {
        const { worker, life, token } = command;
        await this.call(
          'pull',
          [`lane:${worker}:prioritized`, 'yard'],
          [prefix, worker, life, token, Date.now(), longMs],
        );
        return;
      }
      case 'settle': {
        const { worker, life, token, id, outcome, mayFetch } = command;
        const own = [token, mayFetch ? '1' : '0', id, outcome, 'null', -1, '', 1, ''];
        const common = [prefix, worker, life, Date.now(), longMs, '', ''];
        await this.call('settle', ['completed', 'failed', 'events', 'meta'], [...common, ...own]);
        return;
      }
      case 'retry': {
        const { worker, token, id } = command;
        await this.call('retryNow', [id], [prefix, worker, token, id, '0', '', longMs]);
        return;
      }
      case 'place':
        await this.call(
          'place',
          ['leader', 'routable'],
          [prefix, this.term, 'late', '', command.id, command.worker, '', ''],
        );
        return;
      case 'join': {
        const { worker, life, slots, replaces } = command;
        const names = ['workers', 'leases', 'incarnations', 'routable'];
        await this.call('join', names, [prefix, worker, life, '{}', longMs, slots, replaces, '']);
        return;
      }
      case 'beat': {
        const { worker, life, slots } = command;
        const names = ['leases', 'incarnations', 'routable', 'load', 'totals'];
        await this.call('heartbeat', names, [worker, life, longMs, load, slots, prefix, 0]);
        return;
      }
      case 'drain':
        await this.evict(command.worker, '', '', command.life);
        return;
      case 'clear':
        await this.evict(command.worker, String(this.term), '');
        return;
      case 'evict':
        await this.evict(command.worker, String(this.term), -2 * longMs);
    }
  }

  /** Reads the pool as it is compared with the model, of workers and agents by these names. */
  async sight(workers: readonly string[], agents: readonly string[]): Promise<Sight> {
    const { of, lane } = this.keys;
    const read = this.redis.multi();
    read.lrange(of('wait'), 0, -1).zrange(of('yard'), '0', '-1').zrange(of('delayed'), '0', '-1');
    read.zrange(of('completed'), '0', '-1').zrange(of('failed'), '0', '-1');
    read.hgetall(of('routable')).hgetall(of('incarnations'));
    read.get(of('mailboxed')).get(of('seq')).hvals(of('bound')).zrange(of('paused'), '0', '-1');
    for (const worker of workers) read.zrange(lane(worker, 'prioritized'), '0', '-1').hgetall(lane(worker, 'slots'));
    for (const agent of agents)
      read.hmget(of(`agent:${agent}`), 'home', 'cur').zrange(of(`mailbox:${agent}`), '0', '-1');
    const replies = ((await read.exec()) ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
    const [wait, yard, delayed, completed, failed, routable, lives, mailboxed, seq, bound, paused, ...rest] =
      replies as [
        ...[string[], string[], string[], string[], string[], Record<string, string>, Record<string, string>],
        ...[string | null, string | null, string[], string[], ...unknown[]],
      ];
    const ofWorkers = workers.map((name, nth) => ({ name, lane: rest[2 * nth], slots: rest[2 * nth + 1] }));
    const others = rest.slice(2 * workers.length);
    const ofAgents = agents.map((name, nth) => {
      const [home, cur] = others[2 * nth] as [string | null, string | null];
      return { name, home, cur, mailbox: others[2 * nth + 1] as string[] };
    });
    const filled = <Value extends object>(pairs: [string, Value][]) =>
      Object.fromEntries(pairs.filter(([, value]) => Object.keys(value).length > 0));
    const known = (pairs: [string, string | null][]) =>
      Object.fromEntries(pairs.filter(([, value]) => value !== null)) as Record<string, string>;
    return {
      ...{ intake: wait.reverse(), yard, delayed },
      ended: Object.fromEntries([...completed.map((id) => [id, 'completed']), ...failed.map((id) => [id, 'failed'])]),
      lanes: filled(ofWorkers.map(({ name, lane }) => [name, lane as string[]])),
      slots: filled(ofWorkers.map(({ name, slots }) => [name, slots as Record<string, string>])),
      routable: Object.fromEntries(Object.entries(routable).map(([name, slots]) => [name, Number(slots)])),
      lives,
      homes: known(ofAgents.map(({ name, home }) => [name, home])),
      current: known(ofAgents.map(({ name, cur }) => [name, cur])),
      mailboxes: filled(ofAgents.map(({ name, mailbox }) => [name, mailbox])),
      paused: paused.sort(),
      ...{ mailboxed: Number(mailboxed ?? 0), seq: Number(seq ?? 0) },
      binds: bound.reduce((sum, count) => sum + Number(count), 0),
    };
  }

  /** Removes all of it. */
  async close(): Promise<void> {
    await this.queue.close();
    for await (const batch of this.redis.scanStream({ match: `${this.keys.prefix}*`, count: 1000 })) {
      if (batch.length > 0) await this.redis.unlink(...(batch as string[]));
    }
  }

  /** What is on offer since one ms has no order: each command has a ms of its own, by Redis's clock. */
  private async nextMs(): Promise<void> {
    const before = this.sentAtMs;
    while (this.sentAtMs <= before) this.sentAtMs = await redisTimeMs(this.redis);
  }

  private evict(worker: string, term: string, overMs: number | '', life = ''): Promise<unknown> {
    const lane = (name: string) => `lane:${worker}:${name}`;
    const names = ['routable', lane('prioritized'), 'leader', 'leases', lane('slots'), 'incarnations', 'journal'];
    return this.call('evict', names, [this.keys.prefix, worker, 500, term, overMs, 1000, life]);
  }

  private call(script: ScriptName, names: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.redis, script, names.map(this.keys.of), args);
  }
}

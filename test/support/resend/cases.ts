import { cancel, promote, rerun, shunt, stateOf } from '@shunt/lanes';
import { WaitingChildrenError } from 'bullmq';
import { loadReport } from '../load-report.js';
import { refusalOf } from '../refusal.js';
import { longMs, type Stage } from './stage.js';

/** Brings a pool into states in which the script has something to do, and has it called there. */
export type Case = (stage: Stage) => Promise<unknown>;

const inAMinute = () => Date.now() + 60_000;
const drainKeys = ['drained', 'workers', 'routable', 'journal', 'leader'];
const evictKeys = ['routable', 'lane:w:prioritized', 'leader', 'leases', 'lane:w:slots', 'incarnations', 'journal'];

/** Agent `a` runs its first task on worker `w`, agent `b` has one in that lane; each has one in its mailbox; `c` is in the yard. */
async function busyPool(stage: Stage): Promise<void> {
  await stage.join('w', 'life 1');
  await stage.add(['b~0']);
  await stage.pull('w', 'life 1', 'slot 1');
  await stage.call('retryNow', ['b~0'], [stage.keys.prefix, 'w', 'slot 1', 'b~0', '0', '', 60_000]);
  await stage.add(['a~1']);
  await stage.pool.redis.zadd(stage.keys.lane('w', 'prioritized'), 9, 'b~0');
  await stage.pull('w', 'life 1', 'slot 1');
  await stage.add(['a~2', 'b~2', 'c~1', '~1']);
}

/** A case per script, by the script's name. */
export const cases: Readonly<Record<string, Case>> = {
  enqueue: async (stage) => {
    await stage.add(['a~1', 'a~2', '~3']);
    await stage.add(['a~1', 'b~1'], { priority: 3 });
    await stage.add(['c~1'], { delay: 60_000 });
    await stage.add(['d~1'], { deduplication: { id: 'k', ttl: 60_000 } });
    await stage.add(['d~2'], { deduplication: { id: 'k', ttl: 60_000 } });
    await stage.pool.queue().add('turn', { agentId: 'a' });
    await stage.add(['a~3']);
    await stage.pool.redis.set(stage.keys.of('closed'), 'tasks:1000', 'PX', longMs);
    for (const ids of [['e~1', 'e~2'], ['e~3']]) await refusalOf(() => stage.add(ids));
  },
  shunt: async (stage) => {
    const queue = stage.pool.queue();
    for (const agentId of ['a', 'a', 'b', undefined]) await queue.add('turn', { agentId });
    await queue.add('turn', { agentId: 'b' }, { priority: 2 });
    await queue.add('turn', { agentId: 7 });
    await shunt(stage.redis, stage.keys, 500, Date.now());
  },
  promote: async (stage) => {
    await stage.add(['a~1']);
    await stage.add(['a~2', 'b~1'], { delay: 1000 });
    await promote(stage.redis, stage.keys, 500, 60_000, inAMinute());
    await stage.work(3, () => {
      throw new Error('a planned failure');
    });
    await stage.add(['c~1'], { attempts: 2, backoff: { type: 'fixed', delay: 30_000 } });
    await stage.work(1, () => {
      throw new Error('a planned failure');
    });
    await promote(stage.redis, stage.keys, 500, 60_000, inAMinute());
  },
  cancel: async (stage) => {
    await busyPool(stage);
    await stage.add(['e~1'], { delay: 60_000 });
    const job = await stage.pool.queue().add('turn', { agentId: 'f' });
    for (const id of ['a~2', 'b~0', 'b~2', 'c~1', '~1', 'e~1', 'a~1', 'none~1', job.id ?? '']) {
      await cancel(stage.redis, stage.keys, id, 60_000, 'nonce');
    }
    await cancel(stage.redis, stage.keys, 'a~1', 60_000, 'nonce 2', { force: true, reason: 'wrong' });
    await stage.call('retryNow', ['a~1'], [stage.keys.prefix, 'w', 'slot 1', 'a~1', '1', '', longMs]);
  },
  join: async (stage) => {
    await busyPool(stage);
    await stage.join('w', 'life of another process');
    await stage.join('w', 'life 2', 2, 'life 1');
    await stage.join('fresh', 'life 1');
  },
  overtake: async (stage) => {
    await stage.join('w1', 'life 1');
    await stage.pool.redis.sadd(stage.keys.of('keepers'), 'w1');
    await stage.add(['a~1']);
    await stage.pull('w1', 'life 1', 'slot 1');
    await stage.join('w2', 'life 1');
    await stage.call('refuse', ['a~1'], [stage.keys.prefix, 'w1', 'slot 1', 'a~1', longMs, 9]);
    await stage.pull('w2', 'life 1', 'slot 1');
    const [fence = '', closers] = await stage.pool.redis.hmget(stage.keys.of('agent:a'), 'fence', 'closers');
    if (closers !== 'w1') throw new Error('nobody has to end a state');
    await stage.call('overtake', ['agent:a'], [Number(fence) - 1]);
    await stage.call('overtake', ['agent:a'], [fence ?? '']);
  },
  heartbeat: async (stage) => {
    await stage.join('w', 'life 1');
    const beat = (life: string, completed: number, slots: number) => {
      const counts = {
        completed,
        failed: 1,
        finishedFailed: 1,
        warm: 2,
        cold: 3,
        alone: 1,
        waits: { ...loadReport(life).waits, strict: { counts: [1, 2], sumMs: 9 } },
        eligible: [3, 1],
        eligibleSumMs: 5,
        runs: { turn: { counts: [1, completed], sumMs: 7 * completed } },
        trips: 1,
      };
      const keys = ['leases', 'incarnations', 'routable', 'load', 'totals'];
      const load = JSON.stringify(loadReport(life, counts));
      return stage.call('heartbeat', keys, ['w', life, 60_000, load, slots, stage.keys.prefix, 0]);
    };
    await beat('life 1', 5, 2);
    await beat('life 1', 8, 0);
    await beat('life 0', 9, 2);
  },
  alerts: async (stage) => {
    const term = await stage.lead();
    const keep = (as: number, state: string) => {
      const alerts = JSON.stringify({ hot_worker: { state } });
      return stage.call('alerts', ['leader', 'alerts', 'journal'], [as, alerts, 'hot_worker', state, 'a finding']);
    };
    for (const state of ['firing', 'resolved']) await keep(term, state);
    await keep(term - 1, 'firing');
  },
  limit: async (stage) => {
    const term = await stage.lead();
    await stage.join('w', 'life 1', 3);
    const keys = ['leader', 'breakers', 'limits', 'routable', 'journal', 'totals'];
    const limit = (limited: string, breaker: string, ...change: string[]) =>
      stage.call('limit', keys, [stage.keys.prefix, term, 'w', limited, breaker, ...change]);
    await limit('2', '{"a":1}', '', '', '');
    await limit('0', '{"a":2}', 'open', 'failures', 'life 1');
    await limit('', '{"a":3}', 'closed', 'probes', '');
    await stage.call('limit', keys, [stage.keys.prefix, term - 1, 'w', '0', '{"a":4}', 'open', 'failures', '']);
  },
  drain: async (stage) => {
    await stage.join('w', 'life 1');
    const term = await stage.lead();
    await stage.call('drain', drainKeys, ['w', '1', 5, 'test', 'a test', '']);
    await stage.call('drain', drainKeys, ['w', '0', 6, 'test', '', term - 1]);
    await stage.call('drain', drainKeys, ['w', '0', 6, 'test', '', '']);
    await stage.call('drain', drainKeys, ['w', '1', 7, 'test', '', term]);
    await stage.call('drain', drainKeys, ['nobody', '1', 8, 'test', '', '']);
  },
  orderBreaker: async (stage) => {
    await stage.join('w', 'life 1');
    for (const [worker, order] of [...['closed', 'open', 'auto'].map((order) => ['w', order]), ['nobody', 'open']])
      await stage.call('orderBreaker', ['orders', 'workers', 'journal'], [worker ?? '', order ?? '', 'test', 'a test']);
  },
  clearLane: async (stage) => {
    await busyPool(stage);
    await stage.join('x', 'life 1');
    const keys = ['lane:w:prioritized', 'workers', 'routable', 'journal'];
    const clear = (worker: string, dry: string, nonce: string) =>
      stage.call(
        'clearLane',
        [...keys, `sent:${nonce}`],
        [stage.keys.prefix, worker, dry, 'test', '', 'b~0', 'a~1', 'none~1'],
      );
    await clear('w', '1', 'n1');
    await clear('w', '0', 'n2');
    await clear('nobody', '0', 'n3');
  },
  rerun: async (stage) => {
    await stage.add(['a~1', 'a~2']);
    await stage.add(['b~1'], { priority: 3 });
    await cancel(stage.redis, stage.keys, 'b~1', 60_000, 'nonce');
    await stage.work(2, () => {
      throw new Error('a planned failure');
    });
    for (const id of ['a~1', 'b~1', 'a~1', 'none~1'])
      await rerun(stage.redis, stage.keys, id, { nonce: `again ${id}`, by: 'anna', reason: 'mended' });
    await shunt(stage.redis, stage.keys, 500, Date.now());
  },
  audit: async (stage) => {
    for (const nonce of ['one', 'other']) {
      await stage.call('audit', ['audit', `audited:${nonce}`], [100, 'actor', 'ops', 'action', 'worker.drain']);
    }
  },
  lead: async (stage) => {
    await stage.lead();
    await stage.call('lead', ['leader', 'journal'], ['d2', 60_000, '[]']);
  },
  resign: async (stage) => {
    await stage.lead();
    await stage.call('resign', ['leader'], ['d2']);
    await stage.call('resign', ['leader'], ['d1']);
  },
  pin: async (stage) => {
    await busyPool(stage);
    await stage.join('x', 'life 1');
    const pin = (agent: string, worker: string, kind: string, ttlMs: number) => {
      const args = [stage.keys.prefix, agent, worker, kind, ttlMs, longMs, `pin ${agent}`, '', 'test', ''];
      return stage.call('pin', [`agent:${agent}`, 'workers'], args);
    };
    for (const agent of ['a', 'b', 'c', 'new']) await pin(agent, 'x', 'strict', agent === 'a' ? longMs : 0);
    await pin('d', 'nobody', 'strict', 0);
    await stage.add(['e~1'], { labels: { gpu: 'a100' } } as never);
    await pin('e', 'x', 'soft', 0);
  },
  unpin: async (stage) => {
    await busyPool(stage);
    for (const agent of ['a', 'b', 'new']) {
      const args = [stage.keys.prefix, agent, 'w', 'strict', 0, longMs, 'pin', '', 'test', ''];
      await stage.call('pin', [`agent:${agent}`, 'workers'], args);
    }
    for (const agent of ['a', 'b', 'c', 'new']) {
      await stage.call('unpin', [`agent:${agent}`, 'workers'], [stage.keys.prefix, agent, longMs, 'unpin', 'test', '']);
    }
  },
  releaseAgent: async (stage) => {
    await busyPool(stage);
    for (const agent of ['a', 'b', 'c', 'new']) {
      await stage.call(
        'releaseAgent',
        [`agent:${agent}`, 'workers'],
        [stage.keys.prefix, agent, 'nonce', 'test', 'a test'],
      );
    }
  },
  pause: async (stage) => {
    await busyPool(stage);
    const pause = (agent: string, nonce: string) =>
      stage.call('pause', [`agent:${agent}`, 'paused'], [stage.keys.prefix, agent, 'test', nonce, '']);
    for (const agent of ['a', 'b', 'c', 'new']) await pause(agent, 'pause');
    await pause('a', 'pause again');
    await stage.add(['a~3', 'b~3', 'new~1']);
  },
  resume: async (stage) => {
    await busyPool(stage);
    for (const agent of ['a', 'b', 'c', 'new'])
      await stage.call('pause', [`agent:${agent}`, 'paused'], [stage.keys.prefix, agent, 'test', 'pause', '']);
    await stage.add(['new~1']);
    for (const agent of ['a', 'b', 'c', 'new', 'other'])
      await stage.call(
        'resume',
        [`agent:${agent}`, 'paused'],
        [stage.keys.prefix, agent, 'test', longMs, 'resume', 'a test'],
      );
  },
  release: async (stage) => {
    await stage.join('w', 'life 1', 3);
    await stage.add(['a~1', 'b~1', 'c~1']);
    for (const slot of ['slot 1', 'slot 2', 'slot 3']) await stage.pull('w', 'life 1', slot, 2);
    await stage.redis.hdel(stage.keys.of('agent:a'), 'cur');
    const keys = ['incarnations', 'held:w'];
    for (const life of ['life 0', 'life 1']) await stage.call('release', keys, [stage.keys.prefix, 'w', life, 1]);
  },
  drop: async (stage) => {
    await busyPool(stage);
    const keys = ['incarnations', 'lane:w:prioritized'];
    for (const life of ['life 0', 'life 1'])
      await stage.call('drop', keys, [stage.keys.prefix, 'w', life, 'a', 'b', 'c']);
  },
  advise: async (stage) => {
    const term = await stage.lead();
    for (const now of [term, term - 1])
      await stage.call('advise', ['leader', 'scale'], [now, 'victims', `["w${now}"]`]);
  },
  schedule: async (stage) => {
    const tell = (nonce: string, ...args: string[]) => stage.call('schedule', ['journal', `sent:${nonce}`], args);
    await tell('n1', 'scheduled', 's', 'test', 'a test', 'tick', 'every 5 ms', 'a');
    await tell('n2', 'scheduled', 's', 'test', '', 'tick', 'every 6 ms', '');
    await tell('n3', 'unscheduled', 's', 'test', '');
  },
  wish: async (stage) => {
    for (const [nonce, to] of [
      ['n1', 4],
      ['n2', 4],
      ['n3', ''],
    ] as const)
      await stage.call('wish', ['scale', 'journal'], [nonce, to, 'test', 'a test']);
  },
  tune: async (stage) => {
    const term = await stage.lead();
    for (const now of [term, term - 1]) await stage.call('tune', ['leader', 'pull'], [now, 'patienceMs', 100 + now]);
  },
  configure: async (stage) => {
    const configure = (expected: number, nonce: string, ...rest: string[]) =>
      stage.call('configure', ['config', 'journal', `sent:${nonce}`], [expected, nonce, ...rest]);
    await configure(0, 'n1', '{"sessionTtl":1}', 'test', '', 'a test', 'sessionTtl', 'default', '1');
    await configure(0, 'n2', '{"sessionTtl":2}', 'test', '', '', 'sessionTtl', 'default', '2');
    await configure(1, 'n3', '{"sessionTtl":1}', 'test', 'digest of a file', '');
    await configure(1, 'n4', '{}', 'test', '', '', 'sessionTtl', '1', 'default');
  },
  survey: async (stage) => {
    await busyPool(stage);
    await stage.call('survey', ['yard', 'routable'], [stage.keys.prefix, 100]);
  },
  place: async (stage) => {
    const term = await stage.lead();
    await stage.add(['a~1', 'b~1', 'c~1', '~1']);
    await stage.join('w', 'life 1', 3);
    const { prefix } = stage.keys;
    const keys = ['leader', 'routable'];
    const placed = ['a~1', 'b~1', '~1', 'c~1'].flatMap((id) => [id, 'w', '', id === 'b~1' ? '' : 'load 0.5']);
    await stage.call('place', keys, [prefix, term, 'late', 'mine', ...placed]);
    await stage.call('place', keys, [prefix, term - 1, 'late', '', 'c~1', 'w', '', '']);
  },
  pull: async (stage) => {
    await busyPool(stage);
    await stage.pull('w', 'life 1', 'slot 2');
    await stage.pull('w', 'life 1', 'slot 3');
    await stage.pull('w', 'life 0', 'slot 4');
    await stage.join('x', 'life 1', 9);
    await stage.add(['d~1', 'e~1', 'f~1']);
    for (const slot of ['1', '2', '3']) await stage.pull('x', 'life 1', slot);
    for (const slot of ['1', '2', '3']) {
      const id = (await stage.redis.hget(stage.keys.lane('x', 'slots'), slot)) ?? '';
      await stage.call('retryNow', [id], [stage.keys.prefix, 'x', slot, id, '0', '', 60_000]);
    }
    await stage.pull('x', 'life 1', '4', '', ['5', '6', '7']);
  },
  nextFiring: async (stage) => {
    await stage.pool.queue().upsertJobScheduler('s', { every: longMs }, { name: 'turn', data: { agentId: 's' } });
    await promote(stage.redis, stage.keys, 10, longMs, Date.now() + 2 * longMs);
    await shunt(stage.redis, stage.keys, 10, Date.now());
    await stage.work(1, () => undefined);
  },
  settle: async (stage) => {
    await stage.add(['a~1', 'a~2', 'b~1', '~1']);
    await stage.add(['c~1'], { removeOnComplete: true });
    await stage.work(5, (job) => {
      if (job.id === 'b~1') throw new Error('a planned failure');
    });
  },
  finish: async (stage) => {
    await stage.add(['a~1', 'a~2'], { deduplication: { id: 'k' } });
    await stage.add(['b~1', 'b~2'], { parent: { id: 'none~1', queue: `shunt:${stage.pool.queueName}` } });
    await stage.work(3, (job) => {
      if (job.id === 'b~1') throw new Error('a planned failure');
    });
  },
  emit: async (stage) => {
    await busyPool(stage);
    const startedAt = Number(await stage.pool.redis.hget(stage.keys.of('a~1'), 'processedOn'));
    const emit = (slot: string, began: number, batch: number) =>
      stage.call('emit', ['a~1', 'lane:w:slots', 'events', 'meta'], ['a~1', slot, began, batch, '{"n":1}', '2']);
    await emit('slot 1', startedAt, 1);
    await emit('slot 1', startedAt, 2);
    await emit('slot 1', startedAt, 1);
    await emit('slot 2', startedAt, 3);
    await emit('slot 1', startedAt - 1, 3);
    await cancel(stage.redis, stage.keys, 'a~1', 60_000, 'nonce', { force: true });
    await emit('slot 1', startedAt, 3);
  },
  retryLater: async (stage) => {
    await stage.add(['a~1', 'a~2', 'b~1'], { attempts: 2, backoff: { type: 'fixed', delay: 30_000 } });
    await stage.work(2, () => {
      throw new Error('a planned failure');
    });
  },
  retryNow: async (stage) => {
    await stage.add(['a~1', 'a~2'], { attempts: 2 });
    await stage.work(4, (job) => {
      if (job.attemptsMade === 0) throw new Error('a planned failure');
    });
  },
  refuse: async (stage) => {
    await busyPool(stage);
    await stage.join('x', 'life 1');
    const refuse = (worker: string, slot: string, id: string) =>
      stage.call('refuse', [id], [stage.keys.prefix, worker, slot, id, longMs, 100]);
    await refuse('w', 'slot 1', 'a~1');
    await stage.pull('w', 'life 1', 'slot 2');
    await stage.pull('x', 'life 1', 'slot 1');
    await refuse('x', 'slot 1', 'a~1');
    await refuse('x', 'slot 9', 'c~1');
    await refuse('x', 'slot 9', 'none~1');
  },
  waitForChildren: async (stage) => {
    const queue = stage.pool.queue();
    await stage.add(['a~1', 'a~2']);
    await stage.work(1, async (job, _worker, token) => {
      if (job.id !== 'a~1') return;
      const parent = { id: 'a~1', queue: `shunt:${stage.pool.queueName}` };
      await queue.add('child', { agentId: 'other' }, { parent });
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
    });
  },
  evict: async (stage) => {
    await busyPool(stage);
    await cancel(stage.redis, stage.keys, 'a~1', 60_000, 'nonce', { force: true });
    const term = await stage.lead();
    const { prefix } = stage.keys;
    const over = -2 * longMs;
    await stage.call('evict', evictKeys, [prefix, 'w', 500, term, 0, 3, '']);
    await stage.call('evict', evictKeys, [prefix, 'w', 500, term - 1, over, 3, '']);
    for (const life of ['life 0', 'life 1', ''])
      await stage.call('evict', evictKeys, [prefix, 'w', 500, '', '', 0, life]);
    await stage.call('evict', evictKeys, [prefix, 'w', 500, term, over, 3, '']);
  },
  forget: async (stage) => {
    await stage.join('w', 'life 1');
    await stage.join('gone', 'life 1');
    await stage.redis.hdel(stage.keys.of('incarnations'), 'gone');
    const term = await stage.lead();
    await stage.call('drain', drainKeys, ['gone', '1', 5, 'test', '', '']);
    const names = ['leases', 'incarnations', 'leader'];
    await stage.call('forget', names, [stage.keys.prefix, term, 0, 100]);
    await stage.call('forget', names, [stage.keys.prefix, term, -2 * longMs, 100]);
  },
  mend: async (stage) => {
    await busyPool(stage);
    const term = await stage.lead();
    const { prefix, of } = stage.keys;
    await stage.redis.zrem(of('lane:w:prioritized'), 'b~1');
    await stage.redis.zadd(of('mailbox:d'), 1, 'c~1');
    for (const now of [term, term - 1]) {
      await stage.call('mend', ['leader', 'journal'], [prefix, now, longMs, 'a', 'b', 'c', 'd', 'e']);
    }
  },
  gate: async (stage) => {
    const term = await stage.lead();
    const names = ['leader', 'closed'];
    for (const notice of ['memory:1000', '']) {
      await stage.call('gate', names, [term, notice, longMs]);
      await stage.call('gate', names, [term - 1, notice, longMs]);
    }
  },
  leave: async (stage) => {
    await stage.join('w', 'life 1');
    await stage.add(['a~1', '~1']);
    for (const slot of ['slot 1', 'slot 2']) await stage.pull('w', 'life 1', slot);
    await stage.call('leave', ['incarnations', 'journal'], [stage.keys.prefix, 'w', 'life 0']);
    await stage.call('leave', ['incarnations', 'journal'], [stage.keys.prefix, 'w', 'life 1']);
  },
  state: async (stage) => {
    await busyPool(stage);
    await stage.add(['e~1'], { delay: 60_000 });
    for (const id of ['a~1', 'a~2', 'b~0', 'c~1', 'e~1', 'none~1']) await stateOf(stage.redis, stage.keys, id);
  },
};

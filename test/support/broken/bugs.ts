import { setTimeout as sleep } from 'node:timers/promises';
import { leaderOf } from '../chaos/leader.js';
import type { RuleName } from '../checker/rule.js';
import type { Run } from '../harness/run.js';
import { luaPatch, type Patch } from './build.js';

/** A build that is broken on purpose, and what shows it. */
export interface Bug {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** What must happen for the bug to bite, while tasks run. Defaults to nothing. */
  readonly disturb?: (run: Run) => Promise<void>;
  /** How long the first task of each agent takes, in ms. Defaults to 400. */
  readonly costMs?: number;
  /** How long a task may wait, in ms. Defaults to any time: how long is bearable depends on the machine. */
  readonly withinMs?: number;
  /** Rules that must catch it; others may as well. */
  readonly caughtBy: readonly RuleName[];
}

/** The workers of a run. */
const workers = ['w1', 'w2', 'w3'];

/** The worker that runs most tasks, once one runs any while some are left: a fault on one that runs nothing shows nothing. */
async function busiest(run: Run): Promise<string> {
  for (;;) {
    const running = await Promise.all(workers.map((worker) => run.redis.hlen(run.keys.lane(worker, 'slots'))));
    const most = Math.max(...running);
    if (most > 0 || run.settled >= run.submitted) return workers[running.indexOf(most)] as string;
    await sleep(5);
  }
}

/** Kills a worker for good, which the run is told of. */
async function killOne(run: Run): Promise<void> {
  const worker = await busiest(run);
  run.fault('worker kill', worker, worker);
  await run.processes.end(worker, 'SIGKILL');
}

/** Kills a worker for good, and has agents come that nobody knows once it is evicted. */
async function killOneAndAddAgents(run: Run): Promise<void> {
  await killOne(run);
  await sleep(2500);
  for (let n = 10_000; n < 10_012; n++)
    await run.submit({ n, agentId: `late-${n}`, costMs: 5, failures: 0, isPlain: true });
}

async function loseReplies(run: Run): Promise<void> {
  for (let round = 0; round < 25; round++) {
    for (const worker of workers) {
      run.fault('network loses a reply', worker, worker);
      (await run.lines.of(worker)).loseReplies();
    }
    await sleep(100);
  }
}

/** Cuts a worker off from before its lease ends until well after. */
async function cutOff(run: Run): Promise<void> {
  const worker = await busiest(run);
  const line = await run.lines.of(worker);
  const held = { isHeld: true };
  run.faultOfNetwork('network blackhole', worker);
  line.become({ requests: held, replies: held });
  await sleep(4500);
  run.faultOfNetwork('network blackhole, over', worker);
  line.become({});
}

async function killLeader(run: Run): Promise<void> {
  const { name } = await leaderOf({ run, dispatchers: ['d1', 'd2'] });
  run.fault('leader kill', name, name);
  await run.processes.end(name, 'SIGKILL');
  await sleep(2000);
}

/** Kills a worker for good, and waits for longer than it may take until it is noticed. */
async function killOneAndWait(run: Run): Promise<void> {
  await killOne(run);
  await sleep(12_000);
}

/** Has each agent's home refuse a task, while all workers are there for long before and after. */
async function refuse(run: Run): Promise<void> {
  await sleep(2000);
  let n = 20_000;
  for (const refusedBy of workers)
    for (let agent = 0; agent < 12; agent++)
      await run.submit({ n: n++, agentId: `agent-${agent}`, costMs: 5, failures: 0, refusedBy, isPlain: true });
  await run.untilSettled();
  await sleep(2000);
}

/** Has handlers postpone their tasks. */
async function postpone(run: Run): Promise<void> {
  for (let n = 30_000; n < 30_012; n++)
    await run.submit({ n, agentId: `later-${n}`, costMs: 5, failures: 1, laterMs: 1500, options: { attempts: 2 } });
}

/** Has two of three workers fail whatever they run, for as long as there is something for them. */
async function failMost(run: Run): Promise<void> {
  for (const worker of ['w1', 'w2']) run.processes.tell(worker, { isSick: true });
  for (let n = 40_000; n < 40_120; n++)
    await run.submit({ n, agentId: `sick-${n}`, costMs: 5, failures: 0, isPlain: true });
  await run.untilSettled();
  for (const worker of ['w1', 'w2']) run.processes.tell(worker, { isSick: false });
}

/** Everything that a bug here needs to bite, one after the other. */
export async function disturbAll(run: Run): Promise<void> {
  const disturbances = [cutOff, loseReplies, refuse, postpone, failMost, killLeader, killOneAndAddAgents];
  for (const disturb of disturbances) await disturb(run);
}

/** Builds that are broken in one place each. */
export const bugs: readonly Bug[] = [
  {
    name: 'settle releases nothing',
    patches: [
      luaPatch(
        'if known[1] ~= id then return end\n  local mailbox',
        "if known[1] ~= '' then return end\n  local mailbox",
      ),
    ],
    caughtBy: ['loss', 'conservation'],
  },
  {
    name: 'shunt ignores the current task',
    patches: [luaPatch('local isNext = isBack or not current', 'local isNext = true')],
    caughtBy: ['overlap'],
  },
  {
    name: 'the mailbox is last in, first out',
    patches: [luaPatch("redis.call('ZPOPMIN', mailbox)", "redis.call('ZPOPMAX', mailbox)")],
    caughtBy: ['order', 'effect'],
  },
  {
    name: 'evict drops what a dead worker ran',
    patches: [luaPatch('for _, id in ipairs(left) do giveBack(P, worker, id, limit) end', '')],
    disturb: killOne,
    caughtBy: ['conservation'],
  },
  {
    name: 'evict leaves a dead worker routable',
    patches: [luaPatch("redis.call('HDEL', KEYS[1], worker) == 1", "redis.call('HEXISTS', KEYS[1], worker) == 1")],
    disturb: killOneAndAddAgents,
    caughtBy: ['eligibility'],
  },
  {
    name: 'fences do not grow',
    patches: [luaPatch('math.max(last + 1, now() * 1024)', 'math.max(last, 1)')],
    disturb: killOne,
    caughtBy: ['fence'],
  },
  {
    name: 'moves have no reason',
    patches: [luaPatch("'fence', fence, 'reason', reason,", "'fence', fence, 'reason', '',")],
    caughtBy: ['home'],
  },
  {
    name: 'a worker that is cut off does not fence itself',
    patches: [
      { file: 'libs/lanes/src/worker/worker-life.js', from: 'if (this.nowMs() >= this.untilMs) this.lose();', to: '' },
    ],
    disturb: cutOff,
    costMs: 6000,
    caughtBy: ['overlap'],
  },
  {
    name: 'a new leader has the term of the one before',
    patches: [luaPatch('math.max((tonumber(leader[4]) or 0) + 1, nowMs)', 'tonumber(leader[4]) or nowMs')],
    disturb: killLeader,
    caughtBy: ['leader'],
  },
  {
    name: 'a worker runs each task twice',
    patches: [
      {
        file: 'libs/sdk/src/worker/run-task.js',
        from: 'return states.use(agent, call)',
        to: 'return states.use(agent, call).then(() => states.use(agent, call))',
      },
    ],
    caughtBy: ['duplicate'],
  },
  {
    name: 'a handler is told of a task that is not there',
    patches: [{ file: 'libs/sdk/src/worker/task-context.js', from: "id: job.id ?? ''", to: "id: job.id + '-1'" }],
    caughtBy: ['phantom', 'loss'],
  },
  {
    name: 'a refused task goes back to who refused it',
    patches: [
      luaPatch(
        'local function isAvoided(P, id, worker)\n',
        'local function isAvoided(P, id, worker)\n  if true then return false end\n',
      ),
    ],
    disturb: refuse,
    caughtBy: ['avoid'],
  },
  {
    name: 'an agent that was refused leaves as one to be tried elsewhere',
    patches: [luaPatch("'wrong-worker'", "'retry-elsewhere'")],
    disturb: refuse,
    caughtBy: ['move'],
  },
  {
    name: 'a postponed task is tried again at once',
    patches: [
      {
        file: 'libs/sdk/src/worker/run-task.js',
        from: "type: 'fixed',\n            delay\n",
        to: "type: 'fixed', delay: 1",
      },
    ],
    disturb: postpone,
    caughtBy: ['due'],
  },
  {
    name: 'breakers open however many are open',
    patches: [
      {
        file: 'libs/health/src/core/pool-breakers.js',
        from: 'const canSpare = fitsShare && left >= 1 && left >= rules.panicShare * members.length;',
        to: 'const canSpare = true;',
      },
    ],
    disturb: failMost,
    caughtBy: ['ejection'],
  },
  {
    name: 'the dead are noticed late',
    patches: [
      {
        file: 'libs/health/src/core/liveness.js',
        from: 'lease.leaseUntilMs + marginMs',
        to: 'lease.leaseUntilMs + 8000',
      },
    ],
    disturb: killOneAndWait,
    costMs: 3000,
    withinMs: 6000,
    caughtBy: ['late'],
  },
];

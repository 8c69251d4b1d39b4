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
  /** Rules that must catch it; others may as well. */
  readonly caughtBy: readonly RuleName[];
}

/** Kills a worker for good, which the run is told of. */
async function killOne(run: Run): Promise<void> {
  run.fault('worker kill', 'w1', 'w1');
  await run.processes.end('w1', 'SIGKILL');
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
    for (const worker of ['w1', 'w2', 'w3']) {
      run.fault('network loses a reply', worker, worker);
      (await run.lines.of(worker)).loseReplies();
    }
    await sleep(100);
  }
}

/** Cuts a worker off from before its lease ends until well after. */
async function cutOff(run: Run): Promise<void> {
  const line = await run.lines.of('w1');
  const held = { isHeld: true };
  run.faultOfNetwork('network blackhole', 'w1');
  line.become({ requests: held, replies: held });
  await sleep(4500);
  run.faultOfNetwork('network blackhole, over', 'w1');
  line.become({});
}

async function killLeader(run: Run): Promise<void> {
  const { name } = await leaderOf({ run, dispatchers: ['d1', 'd2'] });
  run.fault('leader kill', name, name);
  await run.processes.end(name, 'SIGKILL');
  await sleep(2000);
}

/** Everything that a bug here needs to bite, one after the other. */
export async function disturbAll(run: Run): Promise<void> {
  for (const disturb of [cutOff, loseReplies, killLeader, killOneAndAddAgents]) await disturb(run);
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
];

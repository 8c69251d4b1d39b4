import { nowUs } from './clock.js';
import type { ChildTask, Record } from './fleet.js';
import { inTurn } from './in-turn.js';
import { LatestRuns } from './latest-runs.js';
import { systems } from './systems/index.js';
import type { BenchTask } from './systems/system.js';
import { WarmState } from './warm-state.js';

/** A process of a bench run: a worker or a dispatcher of one system. It tells its parent what it ran. */
const told = JSON.parse(process.argv[2] ?? '{}') as ChildTask;
const system = systems[told.system];
const state = told.warmCold ? new WarmState(told.warmCold, new LatestRuns(told.index)) : null;
/** Often enough for who waits for the last task, and seldom enough to be no load. */
const toldEveryMs = 20;
let ran = 0;
let toldRan = 0;
let records: Record[] = [];

async function run(task: BenchTask): Promise<void> {
  if (state) await state.loaded(task.agent);
  const startUs = nowUs();
  const home = state ? await state.serve(task.agent, task.costs) : 'warm';
  if (told.records) records.push([task.agent, task.t, startUs, nowUs(), home === 'warm' ? 1 : 0, told.index]);
  ran++;
}

const room = { slots: told.slots, maxAgents: told.warmCold?.room };
const part =
  told.role === 'worker'
    ? await system.worker(told.redisUrl, told.index, told.workers, room, told.isInTurn ? inTurn(run) : run)
    : await system.dispatcher?.(told.redisUrl);

setInterval(() => {
  if (ran === toldRan) return;
  toldRan = ran;
  process.send?.({ kind: 'ran', ran });
}, toldEveryMs);

process.on('message', async (message) => {
  if (message === 'records') {
    process.send?.({ kind: 'records', records });
    records = [];
    return;
  }
  await part?.close();
  process.exit(0);
});
process.on('disconnect', () => process.exit(1));
process.send?.({ kind: 'ready' });

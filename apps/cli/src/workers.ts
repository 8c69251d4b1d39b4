import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DrainProgress,
  drain,
  drainProgress,
  orderBreaker,
  undrain,
  type WorkerStats,
  workersWithLanes,
} from '@shunt/lanes';
import progress from 'cli-progress';
import Table from 'cli-table3';
import { Argument, type Command, Option } from 'commander';
import { type PoolOptions, withPool, withRedis } from './pool-command.js';

/** Time between looks at a worker that drains. */
const lookMs = 250;

/** Adds `workers ls`, `drain`, `undrain` and `breaker`. */
export function addWorkers(program: Command): void {
  const workers = program.command('workers').description('see the workers of a pool, and take one out of it');
  withPool(workers.command('ls').description('every worker with its lane, lease and breaker'))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['table', 'json']).default('table'))
    .action(list);
  withPool(workers.command('drain <id>').description('give a worker nothing more, and its waiting tasks to others'))
    .option('--dry-run', 'only tell what that would move')
    .option('--wait', 'wait until nothing runs on it any more')
    .action(drainOne);
  withPool(workers.command('undrain <id>').description('let a drained worker receive again')).action(
    async (id: string, options: PoolOptions) => {
      await withRedis(options, (redis, keys) => undrain(redis, keys, id));
      console.log(`worker ${id} receives again with its next heartbeat`);
    },
  );
  const order = new Argument('<order>', 'what to do with it').choices(['open', 'close', 'auto']);
  withPool(workers.command('breaker <id>').addArgument(order).description('open or close a breaker by hand')).action(
    async (id: string, what: 'open' | 'close' | 'auto', options: PoolOptions) => {
      await withRedis(options, (redis, keys) => orderBreaker(redis, keys, id, what === 'close' ? 'closed' : what));
      console.log(`the breaker of worker ${id} is set to ${what} within a sweep`);
    },
  );
}

async function list(options: PoolOptions & { output: 'table' | 'json' }): Promise<void> {
  const workers = await withRedis(options, workersWithLanes);
  if (options.output === 'json') console.log(JSON.stringify(workers, null, 2));
  else console.log(tableOf(workers));
}

function tableOf(workers: readonly WorkerStats[]): string {
  const table = new Table({ head: ['worker', 'state', 'breaker', 'running', 'slots', 'lane', 'host', 'pid'] });
  for (const worker of workers) {
    const { id, breaker, running, slots, waiting, host, pid } = worker;
    table.push([id, stateOf(worker), breaker, running, slots, waiting, host, pid]);
  }
  return table.toString();
}

/** In a word, whether and why a worker does not receive. */
function stateOf({ isRoutable, isDrained, incarnation, breaker }: WorkerStats): string {
  if (incarnation === null) return 'dead';
  if (isDrained) return 'drained';
  if (isRoutable) return 'up';
  return breaker === 'open' ? 'out' : 'draining';
}

async function drainOne(id: string, options: PoolOptions & { dryRun?: boolean; wait?: boolean }): Promise<void> {
  await withRedis(options, async (redis, keys) => {
    const before = await drainProgress(redis, keys, id);
    const plan = `${before.waiting} waiting tasks go to ${before.others} other workers, ${before.running} running ones end there`;
    if (options.dryRun) return console.log(`draining worker ${id} would mean: ${plan}`);
    console.log(`draining worker ${id}: ${plan}`);
    const moved = await drain(redis, keys, id);
    if (before.others === 0) console.log('no other worker may receive: its tasks wait until one does');
    if (options.wait) await untilIdle(before.running, () => drainProgress(redis, keys, id));
    console.log(`worker ${id} is drained, ${moved} tasks moved; \`shunt workers undrain ${id}\` lets it receive again`);
  });
}

async function untilIdle(running: number, look: () => Promise<DrainProgress>): Promise<void> {
  const format = '{bar} {value}/{total} running tasks ended';
  const bar = new progress.SingleBar({ format, clearOnComplete: true }, progress.Presets.shades_classic);
  bar.start(running, 0);
  for (;;) {
    const now = await look();
    bar.update(Math.max(0, running - now.running));
    if (now.running === 0) break;
    await sleep(lookMs);
  }
  bar.stop();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration, maxTimerMs } from '@shunt/input';
import { type DrainProgress, ShuntError, type WorkerStats, workerState, workersWithLanes } from '@shunt/lanes';
import { type BreakerOrder, breakerOrders } from '@shunt/sdk';
import progress from 'cli-progress';
import { Argument, type Command } from 'commander';
import { type ConfirmOptions, confirm, withYes } from '../confirm.js';
import { durationWithin } from '../numbers.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { assertPool, withClient, withRedis } from '../pool-command.js';
import { textTable } from '../text-table.js';

interface OrderOptions extends OutputOptions, OrdererOptions {
  readonly dryRun?: boolean;
}

/** Time between looks at a worker that drains. */
const lookMs = 250;

/** Adds `workers ls`, `get`, `drain`, `undrain`, `evict` and `breaker`. */
export function addWorkers(workers: Command): void {
  const command = (words: string, about: string) => withOutput(workers.command(words).description(about));
  command('ls', 'every worker with its lane, lease and breaker').action(async (options: OutputOptions) => {
    const found = await withRedis(options, async (redis, keys) => {
      await assertPool(redis, keys);
      return workersWithLanes(redis, keys);
    });
    tell(found, options, () => tableOf(found));
  });
  command('get <id>', 'one worker').action(async (id: string, options: OutputOptions) => {
    const found = await withClient(options, (client) => client.workers.get(id));
    tell(found, options, () => tableOf([found]));
  });
  const order = (words: string, about: string) => withOrderer(command(words, about));
  order('drain <id>', 'give a worker nothing more, and its waiting tasks to others')
    .option('--dry-run', 'only tell what that would move')
    .option('--wait', 'wait until nothing runs on it any more')
    .option(
      '--timeout <duration>',
      'of --wait: how long at most, such as 30m; exit code 1 beyond it',
      durationWithin(1, maxTimerMs),
      600_000,
    )
    .action(drainOne);
  order('undrain <id>', 'let a drained worker receive again').action(async (id: string, options: OrderOptions) => {
    const { by, reason } = options;
    const wasDrained = await withClient(options, async ({ workers }) => {
      const known = (await workers.list()).find((one) => one.id === id);
      await workers.undrain(id, { by, reason });
      return known?.isDrained ?? true;
    });
    const said = wasDrained ? 'receives again with its next heartbeat' : 'was not drained: nothing changed';
    tell({ id, isDrained: false, wasDrained }, options, () => `worker ${id} ${said}`);
  });
  withYes(order('evict <id>', 'give what waits for a worker to others, once'))
    .option('--dry-run', 'only tell what that would move')
    .action(evictOne);
  const what = new Argument('<order>', 'what to do with it').choices(breakerOrders);
  order('breaker <id>', 'open or close a breaker by hand')
    .addArgument(what)
    .option('--dry-run', 'only tell what that would do')
    .action(async (id: string, what: BreakerOrder, options: OrderOptions) => {
      const { by, reason, dryRun } = options;
      if (dryRun) {
        const would = await withClient(options, ({ workers }) => workers.breakerPlan(id, what));
        return tell({ id, order: what, would }, options, () => would);
      }
      await withClient(options, ({ workers }) => workers.setBreaker(id, what, { by, reason }));
      tell({ id, order: what }, options, () => `the breaker of worker ${id} is set to ${what} within a sweep`);
    });
}

function tableOf(workers: readonly WorkerStats[]): string {
  const rows = workers.map((worker) => {
    const { id, breaker, running, slots, waiting, host, pid } = worker;
    return [id, workerState(worker), breaker, running, slots, waiting, host, pid];
  });
  return textTable(['worker', 'state', 'breaker', 'running', 'slots', 'lane', 'host', 'pid'], rows);
}

async function drainOne(id: string, options: OrderOptions & { wait?: boolean; timeout: number }): Promise<void> {
  const { by, reason } = options;
  const say = (text: string) => options.output === 'table' && console.log(text);
  await withClient(options, async ({ workers }) => {
    const before = await workers.drainPlan(id);
    const plan = `${before.waiting} waiting tasks go to ${before.others} other workers, ${before.running} running ones end there`;
    if (options.dryRun) {
      return tell({ id, ...before, moved: 0 }, options, () => `draining worker ${id} would mean: ${plan}`);
    }
    say(`draining worker ${id}: ${plan}`);
    const moved = await workers.drain(id, { by, reason });
    if (before.others === 0) say('no other worker may receive: its tasks wait until one does');
    if (options.wait) await untilIdle(id, before.running, options.timeout, () => workers.drainPlan(id));
    tell({ id, ...before, moved }, options, () => {
      return `worker ${id} is drained, ${moved} tasks moved; \`shunt workers undrain ${id}\` lets it receive again`;
    });
  });
}

async function evictOne(id: string, options: OrderOptions & ConfirmOptions): Promise<void> {
  const { by, reason } = options;
  if (!options.dryRun) await confirm(`give what waits for worker ${id} to others`, options);
  await withClient(options, async ({ workers }) => {
    const plan = await workers.evictPlan(id);
    const { waiting, staying, running, others } = plan;
    const moved = options.dryRun ? 0 : await workers.evict(id, { by, reason });
    const rest = `${staying} stay in its lane, ${running} run there`;
    tell({ id, ...plan, moved }, options, () =>
      options.dryRun
        ? `evicting from worker ${id} would mean: ${waiting} waiting tasks go to ${others} other workers, ${rest}`
        : `${moved} waiting tasks of worker ${id} go to others, ${rest}; it receives as before`,
    );
  });
}

/** @throws ShuntError DEADLINE_EXCEEDED with how far it got */
async function untilIdle(
  id: string,
  running: number,
  timeoutMs: number,
  look: () => Promise<DrainProgress>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  const format = '{bar} {value}/{total} running tasks ended';
  const bar = new progress.SingleBar({ format, clearOnComplete: true }, progress.Presets.shades_classic);
  bar.start(running, 0);
  for (;;) {
    const now = await look();
    bar.update(Math.max(0, running - now.running));
    if (now.running === 0) break;
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) {
      bar.stop();
      const message = `worker ${id} is drained and still runs ${now.running} of ${running} tasks after ${formatDuration(timeoutMs)}: wait again, or stop it`;
      throw new ShuntError('DEADLINE_EXCEEDED', message);
    }
    await sleep(Math.min(lookMs, leftMs));
  }
  bar.stop();
}

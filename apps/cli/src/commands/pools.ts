import { maxWorkers, poolsOf } from '@shunt/lanes';
import type { PoolStats, ScaleStatus, VersionedConfig } from '@shunt/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import { configTable } from '../config-text.js';
import { type ConfirmOptions, confirm, withYes } from '../confirm.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { assertPool, withClient, withRedis } from '../pool-command.js';
import { textTable } from '../text-table.js';
import { setKeys, writing } from './config.js';

interface ScaleOptions extends OutputOptions, OrdererOptions, ConfirmOptions {
  readonly to?: number | 'auto';
  readonly dryRun?: boolean;
}

/** Adds `pools ls`, `get`, `set` and `scale`. */
export function addPools(pools: Command): void {
  withOutput(pools.command('ls').description('pools that this Redis has under the prefix')).action(list);
  withOutput(pools.command('get [pool]').description('depths, workers and configuration of a pool')).action(get);
  writing(pools.command('set <key=value...>'))
    .description('change keys of the configuration, as `config set` does')
    .action(setKeys);
  withYes(
    withOrderer(
      withOutput(
        pools.command('scale [pool]').description('how many workers a pool has and should have; or wish for so many'),
      ),
    ),
  )
    .option('--to <n>', "so many workers, or 'auto' to leave it to the advice", wished)
    .option('--dry-run', 'only tell what --to would do')
    .action(scale);
}

async function list(options: OutputOptions): Promise<void> {
  const names = await withRedis(options, (redis, { prefix }) => poolsOf(redis, prefix.slice(0, prefix.indexOf(':{'))));
  const pools = names.map((pool) => ({ pool }));
  tell(pools, options, () => names.join('\n') || 'there are none');
}

async function get(pool: string | undefined, options: OutputOptions): Promise<void> {
  await withRedis(of(pool, options), assertPool);
  const [{ tasks, workers, ...totals }, told, scaled] = await withClient(of(pool, options), (client) =>
    Promise.all([client.pool.stats(), client.pool.getConfig(), client.pool.scale()]),
  );
  const { enqueued, completed, failed, cancelled } = totals;
  const value = {
    tasks,
    workers: workers.map(({ id, isRoutable, running, waiting, slots }) => ({
      id,
      isRoutable,
      running,
      waiting,
      slots,
    })),
    totals: { enqueued, completed, failed, cancelled },
    config: told.config,
    configVersion: told.version,
    scale: scaled,
  };
  tell(value, options, () => [depthsOf(tasks), scaleTable(scaled), configOf(told)].join('\n'));
}

async function scale(
  pool: string | undefined,
  { to, dryRun, by, reason, yes, ...options }: ScaleOptions,
): Promise<void> {
  if (dryRun && to !== undefined) {
    const plan = await withClient(of(pool, options), (client) => client.pool.scalePlan(to));
    return tell(plan, options, () => plan.would);
  }
  if (to === undefined) {
    await withRedis(of(pool, options), assertPool);
    const status = await withClient(of(pool, options), (client) => client.pool.scale());
    return tell(status, options, () => scaleTable(status));
  }
  if (to === 0) await confirm('stop every worker of the pool', { yes });
  const status = await withClient(of(pool, options), async (client) => {
    await client.pool.setScale(to, { by, reason });
    return client.pool.scale();
  });
  tell(status, options, () => scaleTable(status));
  if (to !== 'auto' && !status.hasScaler) console.error(unscaled(to));
}

/** The pool that is named comes before that of `--pool` and SHUNT_POOL. */
function of<Options extends OutputOptions>(pool: string | undefined, options: Options): Options {
  return pool === undefined ? options : { ...options, pool };
}

function depthsOf(tasks: PoolStats['tasks']): string {
  return textTable(Object.keys(tasks), [Object.values(tasks)]);
}

function configOf({ version, config }: VersionedConfig): string {
  return `version ${version}\n${configTable(config)}`;
}

function scaleTable({ workers, target, desired, wished: wish, leaving, loadTasks, slots }: ScaleStatus): string {
  const row = [workers, target, wish ?? 'auto', desired, leaving, loadTasks, slots];
  return textTable(['workers', 'target', 'wished', 'advised', 'leaving', 'load', 'slots'], [row]);
}

function unscaled(to: number): string {
  const who = 'a dispatcher that leads with SHUNT_SCALE_TARGET, or the `shunt dev` that started the workers';
  return `no scaler runs for this pool: the wish for ${to} is stored, and nobody starts or stops workers until one does, which is ${who}`;
}

function wished(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value <= maxWorkers) return value;
  throw new InvalidArgumentError(`must be auto or a whole number from 0 to ${maxWorkers}.`);
}

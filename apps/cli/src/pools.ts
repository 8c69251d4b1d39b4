import { maxWorkers } from '@shunt/lanes';
import type { ScaleStatus } from '@shunt/sdk';
import Table from 'cli-table3';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type PoolOptions, withClient, withPool } from './pool-command.js';

interface ScaleOptions extends PoolOptions {
  readonly output: 'table' | 'json';
  readonly to?: number | 'auto';
}

/** Adds `pools scale`. */
export function addPools(program: Command): void {
  const pools = program.command('pools').description('see pools, and how many workers they have');
  withPool(
    pools.command('scale [pool]').description('tell how many workers a pool has and should have, or wish for so many'),
  )
    .option('--to <n>', "so many workers, or 'auto' to leave it to the advice", wished)
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['table', 'json']).default('table'))
    .action(scale);
}

async function scale(pool: string | undefined, { to, output, ...where }: ScaleOptions): Promise<void> {
  const status = await withClient({ ...where, ...(pool === undefined ? {} : { pool }) }, async (client) => {
    if (to !== undefined) await client.pool.setScale(to);
    return client.pool.scale();
  });
  console.log(output === 'json' ? JSON.stringify(status, null, 2) : tableOf(status));
}

function tableOf({ workers, target, desired, wished: wish, leaving, loadTasks, slots }: ScaleStatus): string {
  const table = new Table({ head: ['workers', 'target', 'wished', 'advised', 'leaving', 'load', 'slots'] });
  table.push([workers, target, wish ?? 'auto', desired, leaving, loadTasks, slots]);
  return table.toString();
}

function wished(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value <= maxWorkers) return value;
  throw new InvalidArgumentError(`must be auto or a whole number from 0 to ${maxWorkers}.`);
}

import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { type PoolOptions, withClient, withPool } from './pool-command.js';

interface AlertsOptions extends PoolOptions {
  readonly output: 'table' | 'json';
  readonly all?: boolean;
}

/** Adds `alerts`. */
export function addAlerts(program: Command): void {
  withPool(program.command('alerts').description('what is wrong with a pool; exit code 1 while an alert fires'))
    .option('--all', 'tell inactive ones too')
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['table', 'json']).default('table'))
    .action(list);
}

async function list(options: AlertsOptions): Promise<void> {
  const alerts = await withClient(options, ({ alerts }) => alerts.list());
  const shown = alerts.filter(({ state }) => options.all || state !== 'inactive');
  if (options.output === 'json') console.log(JSON.stringify(shown, null, 2));
  else if (shown.length === 0) console.log('nothing is wrong');
  else {
    const table = new Table({ head: ['alert', 'state', 'since', 'what'] });
    for (const { alert, state, sinceMs, text } of shown) {
      table.push([alert, state, sinceMs === null ? '-' : new Date(sinceMs).toISOString(), text]);
    }
    console.log(table.toString());
  }
  if (alerts.some(({ state }) => state === 'firing')) process.exitCode = 1;
}

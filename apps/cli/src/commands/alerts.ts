import type { Command } from 'commander';
import { moment, type OutputOptions, tell, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { textTable } from '../text-table.js';

interface AlertsOptions extends OutputOptions {
  readonly all?: boolean;
}

/** Adds `alerts`. */
export function addAlerts(command: Command): void {
  withOutput(command).option('--all', 'tell inactive ones too').action(list);
}

async function list(options: AlertsOptions): Promise<void> {
  const alerts = await withClient(options, ({ alerts }) => alerts.list());
  const shown = alerts.filter(({ state }) => options.all || state !== 'inactive');
  tell(shown, options, () => {
    if (shown.length === 0) return 'nothing is wrong';
    const rows = shown.map(({ alert, state, sinceMs, text }) => [alert, state, moment(sinceMs), text]);
    return textTable(['alert', 'state', 'since', 'what'], rows);
  });
  if (alerts.some(({ state }) => state === 'firing')) process.exitCode = 1;
}

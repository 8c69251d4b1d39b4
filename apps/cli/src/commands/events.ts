import type { Command } from 'commander';
import { wholeNumber } from '../numbers.js';
import { moment, type OutputOptions, tell, tellEntry, withOutput } from '../output.js';
import { withClient, withPatientClient } from '../pool-command.js';
import { stopping } from '../stopping.js';

interface EventsOptions extends OutputOptions {
  readonly follow?: boolean;
  readonly limit: number;
  readonly agent?: string;
  readonly worker?: string;
}

interface Entry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** Adds `events`. */
export function addEvents(command: Command): void {
  withOutput(command)
    .option('--follow', 'tell what happens from now on until Ctrl C')
    .option('--limit <n>', 'most entries of the past', wholeNumber(1, 1000), 50)
    .option('--agent <id>', 'only the past of this agent')
    .option('--worker <id>', 'only the past of this worker')
    .action((options: EventsOptions) => (options.follow ? follow(options) : past(options)));
}

async function past(options: EventsOptions): Promise<void> {
  const { limit, agent, worker } = options;
  const { entries } = await withClient(options, ({ pool }) => pool.past({ limit, agent, worker }));
  const told = entries.map(flat).reverse();
  tell(told, options, () => told.map(lineOf).join('\n') || 'nothing has happened');
}

async function follow(options: EventsOptions): Promise<void> {
  const signal = stopping();
  await withPatientClient(options, async ({ pool }) => {
    for await (const entry of pool.follow({ signal })) {
      const told = flat(entry);
      tellEntry(told, options, () => lineOf(told));
    }
  });
}

function flat({ id, fields }: Entry): Record<string, string> {
  return { id, at: moment(Number(id.split('-')[0])), ...(fields as Record<string, string>) };
}

/** An entry for people. A field that is empty says nothing: an agent that is placed first came from nowhere. */
function lineOf({ id: _, at = '', event = '', ...fields }: Record<string, string>): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${/\s/.test(value) ? JSON.stringify(value) : value}`);
  return [at, event, ...rest].join(' ');
}
